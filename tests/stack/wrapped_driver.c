/* A reader driver that stands between pcscd and the vpcd driver: it hands every call on, but for what a
 * file says. Its copy X.so takes X.so.vpcd for the real one and heeds these files:
 *   X.so.unplugged      the driver finds no device any more
 *   X.so.no-extended    the driver fails at a command of extended length
 *   X.so.says-extended  the reader tells (PC/SC part 10) that it takes extended length */
#define _GNU_SOURCE
#include <PCSC/wintypes.h>

#include <PCSC/pcsclite.h>

#include <PCSC/ifdhandler.h>
#include <PCSC/reader.h>

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHORT_MAX       261
#define PROPERTIES_CODE SCARD_CTL_CODE(3418)
#define EXTENDED_MAX    65535

static struct {
    char path[512];
    void *library;
    RESPONSECODE (*create)(DWORD, LPSTR);
    RESPONSECODE (*close)(DWORD);
    RESPONSECODE (*get)(DWORD, DWORD, PDWORD, PUCHAR);
    RESPONSECODE (*set)(DWORD, DWORD, DWORD, PUCHAR);
    RESPONSECODE (*protocol)(DWORD, DWORD, UCHAR, UCHAR, UCHAR, UCHAR);
    RESPONSECODE (*power)(DWORD, DWORD, PUCHAR, PDWORD);
    RESPONSECODE(*transmit)
    (DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER);
    RESPONSECODE (*presence)(DWORD);
} real;

static void find(const char *name, void *slot) {
    void *symbol = dlsym(real.library, name);
    memcpy(slot, &symbol, sizeof symbol);
}

static bool load(void) {
    Dl_info own;
    char driver[sizeof real.path + 8];
    if (real.library != NULL) {
        return true;
    }
    if (dladdr(&real, &own) == 0 || strlen(own.dli_fname) >= sizeof real.path) {
        return false;
    }
    snprintf(real.path, sizeof real.path, "%s", own.dli_fname);
    snprintf(driver, sizeof driver, "%s.vpcd", real.path);
    real.library = dlopen(driver, RTLD_NOW | RTLD_LOCAL);
    if (real.library == NULL) {
        return false;
    }
    find("IFDHCreateChannelByName", &real.create);
    find("IFDHCloseChannel", &real.close);
    find("IFDHGetCapabilities", &real.get);
    find("IFDHSetCapabilities", &real.set);
    find("IFDHSetProtocolParameters", &real.protocol);
    find("IFDHPowerICC", &real.power);
    find("IFDHTransmitToICC", &real.transmit);
    find("IFDHICCPresence", &real.presence);
    return true;
}

static bool told(const char *word) {
    char path[sizeof real.path + 32];
    snprintf(path, sizeof path, "%s.%s", real.path, word);
    return access(path, F_OK) == 0;
}

/* pcscd's names of parameters are not ours.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name) {
    return load() && !told("unplugged") ? real.create(lun, name) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) {
    (void)lun, (void)channel;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHCloseChannel(DWORD lun) {
    return real.close(lun);
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD len, PUCHAR value) {
    return load() ? real.get(lun, tag, len, value) : IFD_ERROR_TAG;
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD len, PUCHAR value) {
    return real.set(lun, tag, len, value);
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR a, UCHAR b,
                                       UCHAR c) {
    return real.protocol(lun, protocol, flags, a, b, c);
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD len) {
    return real.power(lun, action, atr, len);
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER send, PUCHAR tx, DWORD tx_len, PUCHAR rx,
                               PDWORD rx_len, PSCARD_IO_HEADER receive) {
    bool extended = tx_len > SHORT_MAX || (tx_len >= 7 && tx[4] == 0);
    if (extended && told("no-extended")) {
        *rx_len = 0;
        return IFD_COMMUNICATION_ERROR;
    }
    return real.transmit(lun, send, tx, tx_len, rx, rx_len, receive);
}

static RESPONSECODE answer(const UCHAR *p, DWORD n, PUCHAR out, DWORD cap, LPDWORD len) {
    *len = 0;
    if (n > cap) {
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    }
    memcpy(out, p, n);
    *len = n;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR in, DWORD in_len, PUCHAR out, DWORD cap,
                         LPDWORD len) {
    static const UCHAR features[] = {FEATURE_GET_TLV_PROPERTIES,  4,
                                     PROPERTIES_CODE >> 24,       PROPERTIES_CODE >> 16 & 0xFF,
                                     PROPERTIES_CODE >> 8 & 0xFF, PROPERTIES_CODE & 0xFF};
    static const UCHAR properties[] = {
        PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize, 4, EXTENDED_MAX & 0xFF, EXTENDED_MAX >> 8, 0, 0};
    (void)lun, (void)in, (void)in_len;
    *len = 0;
    if (!told("says-extended")) {
        return IFD_NOT_SUPPORTED;
    }
    if (code == CM_IOCTL_GET_FEATURE_REQUEST) {
        return answer(features, sizeof features, out, cap, len);
    }
    return code == PROPERTIES_CODE ? answer(properties, sizeof properties, out, cap, len)
                                   : IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD lun) {
    return told("unplugged") ? IFD_NO_SUCH_DEVICE : real.presence(lun);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
