#!/bin/sh
# Makes a throw-away PKI for the gateway tests: servers, devices, and the certificates that must be refused.
# The card CA is not made here: it belongs to the virtual card.
# Usage: make-pki.sh OUTDIR
set -eu

if [ $# -ne 1 ]; then
    echo "使い方 / usage: make-pki.sh OUTDIR" >&2
    exit 2
fi
umask 077
mkdir -p "$1"
out=$(cd "$1" && pwd)

facility=9919999999
other_facility=9919999998
kinds='server-ca rogue-ca device-ca stranger-ca
    server rogue-server expired-server early-server wrong-host-server device other-facility stranger'

# Tests call this before every run, so a whole and still valid set is left alone.
# The stamp is written last: a run that was cut short starts over.
is_whole() {
    [ -f "$out/.complete" ] || return 1
    for kind in $kinds; do
        [ -s "$out/$kind.pem" ] && [ -s "$out/$kind.key" ] || return 1
    done
    [ -s "$out/device.p12" ] && [ -s "$out/device.p12.pass" ] || return 1
    openssl x509 -in "$out/server.pem" -noout -checkend 86400 >/dev/null
}
if is_whole; then
    exit 0
fi

work=$(mktemp -d "$out/.make-pki.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
rm -f "$out/.complete"

cat >"$work/openssl.cnf" <<'CNF'
[req]
distinguished_name = dn
[dn]
[ca_ext]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server_ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
[wrong_host_ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:elsewhere.invalid
[device_ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = past
[past]
database = $ENV::PKI_WORK/index.txt
serial = $ENV::PKI_WORK/serial
new_certs_dir = $ENV::PKI_WORK
default_md = sha256
policy = any_subject
[any_subject]
organizationName = optional
serialNumber = optional
commonName = supplied
CNF
PKI_WORK=$work
export PKI_WORK

# P-256 keeps this under a second; device.key alone is RSA, since older certificate stores take nothing else.
new_key() { # NAME ALGORITHM
    if [ "$2" = rsa ]; then
        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$out/$1.key" 2>/dev/null
    else
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$out/$1.key"
    fi
}

make_ca() { # NAME SUBJECT
    new_key "$1" ec
    openssl req -new -x509 -config "$work/openssl.cnf" -extensions ca_ext -sha256 -days 3650 \
        -key "$out/$1.key" -subj "$2" -out "$out/$1.pem"
}

request() { # NAME SUBJECT ALGORITHM
    new_key "$1" "$3"
    openssl req -new -config "$work/openssl.cnf" -key "$out/$1.key" -subj "$2" -out "$work/$1.csr"
}

issue() { # NAME CA EXTENSIONS SUBJECT ALGORITHM
    request "$1" "$4" "$5"
    openssl x509 -req -in "$work/$1.csr" -CA "$out/$2.pem" -CAkey "$out/$2.key" -sha256 -days 825 \
        -set_serial "0x$(openssl rand -hex 8)" -extfile "$work/openssl.cnf" -extensions "$3" \
        -out "$out/$1.pem" 2>/dev/null
}

# `openssl x509 -req` of OpenSSL 3.0 cannot set a period that is not now; `openssl ca` can.
issue_dated() { # NAME CA EXTENSIONS SUBJECT FROM TO
    request "$1" "$4" ec
    : >"$work/index.txt"
    openssl rand -hex 8 >"$work/serial"
    openssl ca -batch -notext -config "$work/openssl.cnf" \
        -in "$work/$1.csr" -cert "$out/$2.pem" -keyfile "$out/$2.key" \
        -startdate "$5" -enddate "$6" \
        -extfile "$work/openssl.cnf" -extensions "$3" -out "$out/$1.pem" 2>"$work/ca.log" ||
        { cat "$work/ca.log" >&2; exit 1; }
}

make_ca server-ca '/O=Mihon Gateway/CN=Mihon server CA'
make_ca rogue-ca '/O=Mihon Rogue/CN=Mihon rogue CA'
make_ca device-ca '/O=Mihon Gateway/CN=Mihon device CA'
make_ca stranger-ca '/O=Mihon Stranger/CN=Mihon stranger CA'

issue server server-ca server_ext '/O=Mihon Gateway/CN=localhost' ec
issue rogue-server rogue-ca server_ext '/O=Mihon Rogue/CN=localhost' ec
issue wrong-host-server server-ca wrong_host_ext '/O=Mihon Gateway/CN=elsewhere.invalid' ec
issue_dated expired-server server-ca server_ext '/O=Mihon Gateway/CN=localhost' 20200101000000Z 20200201000000Z
issue_dated early-server server-ca server_ext '/O=Mihon Gateway/CN=localhost' 20900101000000Z 20910101000000Z

issue device device-ca device_ext "/serialNumber=$facility/CN=mihon-desk-1" rsa
issue other-facility device-ca device_ext "/serialNumber=$other_facility/CN=mihon-desk-2" ec
issue stranger stranger-ca device_ext "/serialNumber=$facility/CN=mihon-desk-1" ec

openssl rand -hex 12 >"$out/device.p12.pass"
openssl pkcs12 -export -in "$out/device.pem" -inkey "$out/device.key" -certfile "$out/device-ca.pem" \
    -name mihon-desk-1 -passout "file:$out/device.p12.pass" -out "$out/device.p12"

chmod 0644 "$out"/*.pem
: >"$out/.complete"
