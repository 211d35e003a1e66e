#!/bin/sh
# Makes a simulated card for a person who does not exist: keys, certificates and the profile.
set -eu
umask 077

usage() {
    cat <<'HELP'
usage: personalise.sh OUTDIR [options]

  --ca DIR              throw-away certificate authorities, made if absent (default OUTDIR/ca)
  --person N            number of the sample person (default 1)
  --cn CN               subject CN (default 999999SAMPLE, ten digits of N, A)
  --name NAME           (default 見本 太郎)
  --address ADDRESS     (default 見本県見本市見本町１－１)
  --birth YYYYMMDD      (default 19800401)
  --sex 1|2|9|0         (default 1)
  --pin PIN             authentication PIN (default 1234)
  --sign-password TEXT  signing password (default SAMPLE123)
  --expiry-year YYYY --security-code NNNN   printed on the face, part of code B (2035, 0000)
  --algorithm rsa|p384  key of the authentication certificate (default rsa: RSA-2048)
  --certificate-bytes N exact length of the authentication certificate in DER
  --not-before TIME --not-after TIME        YYYYMMDDHHMMSSZ, both certificates
  --set KEY=VALUE       a further line for the profile; may be repeated

Writes OUTDIR/card.profile, {auth,sign,text}.key, {auth,sign}.pem; in the CA directory
auth-ca.{pem,key} and sign-ca.{pem,key}. Retry counters start afresh.
HELP
}

die() {
    printf 'personalise.sh: %s\n' "$1" >&2
    exit 1
}

out='' ca='' person=1 cn='' name='見本　太郎' address='見本県見本市見本町１－１' birth=19800401 sex=1
pin=1234 sign_password=SAMPLE123 expiry_year=2035 security_code=0000 not_before='' not_after='' extra=''
algorithm=rsa certificate_bytes=''
while [ $# -gt 0 ]; do
    case $1 in
    --help) usage; exit 0 ;;
    --*) [ $# -ge 2 ] || die "$1 wants a value" ;;
    esac
    case $1 in
    --ca) ca=$2 ;;
    --person) person=$2 ;;
    --cn) cn=$2 ;;
    --name) name=$2 ;;
    --address) address=$2 ;;
    --birth) birth=$2 ;;
    --sex) sex=$2 ;;
    --pin) pin=$2 ;;
    --sign-password) sign_password=$2 ;;
    --expiry-year) expiry_year=$2 ;;
    --security-code) security_code=$2 ;;
    --algorithm) algorithm=$2 ;;
    --certificate-bytes) certificate_bytes=$2 ;;
    --not-before) not_before=$2 ;;
    --not-after) not_after=$2 ;;
    --set) extra="$extra$2
" ;;
    --*) die "unknown option $1" ;;
    *)
        [ -z "$out" ] || die "one OUTDIR only"
        out=$1
        shift
        continue
        ;;
    esac
    shift 2
done
[ -n "$out" ] || { usage >&2; exit 1; }
ca=${ca:-$out/ca}
case $person$birth$expiry_year$security_code$certificate_bytes in *[!0-9]*) die 'person, birth, year, code and length are digits' ;; esac
case $algorithm in rsa | p384) ;; *) die '--algorithm is rsa or p384' ;; esac
[ ${#birth} -eq 8 ] || die '--birth is YYYYMMDD'
cn=${cn:-$(printf '999999SAMPLE%010dA' "$person")}

mkdir -p "$out" "$ca"
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What the published certificates show; the CRL and policy texts bring the size near the usual 1500.
cat >"$work/openssl.cnf" <<'CNF'
[ req ]
prompt = no
utf8 = yes
string_mask = utf8only
distinguished_name = person
[ person ]
C = JP
CN = $ENV::CARD_CN
[ signer ]
C = JP
L = Sample-ken Sample-shi
CN = $ENV::CARD_CN
[ auth_ca_name ]
C = JP
O = JPKI
0.OU = JPKI for user authentication
1.OU = Japan Agency for Local Authority Information Systems
[ sign_ca_name ]
C = JP
O = JPKI
0.OU = JPKI for digital signature
1.OU = Japan Agency for Local Authority Information Systems
# openssl reads a dirName section as Latin-1, so the Japanese name is spelled out in ASN.1.
[ service ]
name = EXPLICIT:4,SEQUENCE:service_name
[ service_name ]
country = SET:service_country_set
organisation = SET:service_organisation_set
[ service_country_set ]
value = SEQUENCE:service_country
[ service_country ]
type = OID:countryName
value = PRINTABLESTRING:JP
[ service_organisation_set ]
value = SEQUENCE:service_organisation
[ service_organisation ]
type = OID:organizationName
value = FORMAT:UTF8,UTF8String:公的個人認証サービス
[ auth_crl_name ]
C = JP
O = JPKI
0.OU = JPKI for user authentication
1.OU = CRL Distribution Points
2.OU = Sample-ken
CN = Sample-shi CRLDP
[ sign_crl_name ]
C = JP
O = JPKI
0.OU = JPKI for digital signature
1.OU = CRL Distribution Points
2.OU = Sample-ken
CN = Sample-shi CRLDP
[ auth_crl ]
fullname = dirName:auth_crl_name
[ sign_crl ]
fullname = dirName:sign_crl_name
[ ca_ext ]
keyUsage = critical, keyCertSign, cRLSign
basicConstraints = critical, CA:true
subjectAltName = ASN1:SEQUENCE:service
crlDistributionPoints = $ENV::CARD_CRL
subjectKeyIdentifier = hash
[ auth_ext ]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
certificatePolicies = critical, @auth_policy
issuerAltName = ASN1:SEQUENCE:service
crlDistributionPoints = auth_crl
authorityInfoAccess = OCSP;URI:http://ocsp.auth.sample.invalid
authorityKeyIdentifier = keyid:always
subjectKeyIdentifier = hash
[ auth_policy ]
policyIdentifier = 1.2.392.200149.8.5.1.3.30
CPS.1 = http://www.sample.invalid/throw-away-test-card/cps.html
userNotice.1 = @notice
[ sign_policy ]
policyIdentifier = 1.2.392.200149.8.5.1.0.20
CPS.1 = http://www.sample.invalid/throw-away-test-card/cps.html
[ notice ]
explicitText = UTF8:$ENV::CARD_NOTICE
[ sign_ext ]
keyUsage = critical, digitalSignature, nonRepudiation
certificatePolicies = critical, @sign_policy
subjectAltName = @attributes
issuerAltName = ASN1:SEQUENCE:service
crlDistributionPoints = sign_crl
authorityKeyIdentifier = keyid:always
subjectKeyIdentifier = hash
[ attributes ]
otherName.1 = 1.2.392.200149.8.5.5.1;FORMAT:UTF8,UTF8:$ENV::CARD_NAME
otherName.2 = 1.2.392.200149.8.5.5.3;FORMAT:UTF8,UTF8:$ENV::CARD_SEX
otherName.3 = 1.2.392.200149.8.5.5.4;FORMAT:UTF8,UTF8:$ENV::CARD_BIRTH
otherName.4 = 1.2.392.200149.8.5.5.5;FORMAT:UTF8,UTF8:$ENV::CARD_ADDRESS
[ ca ]
default_ca = any
[ any ]
database = $ENV::CARD_WORK/index.txt
new_certs_dir = $ENV::CARD_WORK
serial = $ENV::CARD_WORK/serial
default_md = sha256
policy = any_subject
unique_subject = no
preserve = yes
[ any_subject ]
C = optional
L = optional
CN = supplied
CNF

# Era year for code B: 照合番号B writes the birth date as the Japanese calendar does.
if [ "$birth" -ge 20190501 ]; then base=2018
elif [ "$birth" -ge 19890108 ]; then base=1988
elif [ "$birth" -ge 19261225 ]; then base=1925
else base=1911
fi
case $base in 2018) era=5 ;; 1988) era=4 ;; 1925) era=3 ;; *) era=2 ;; esac
year=$((${birth%????} - base))
code_b=$(printf '%02d%s%s%s' "$year" "${birth#????}" "$expiry_year" "$security_code")

CARD_CN=$cn CARD_NAME=$name CARD_SEX=$sex CARD_BIRTH=$era$birth CARD_ADDRESS=$address CARD_WORK=$work CARD_CRL=auth_crl
CARD_NOTICE='This certificate belongs to a test of software. It names no person, proves nothing and must not be trusted by anything but that test.'
export CARD_CN CARD_NAME CARD_SEX CARD_BIRTH CARD_ADDRESS CARD_WORK CARD_CRL CARD_NOTICE
OPENSSL_CONF=$work/openssl.cnf
export OPENSSL_CONF

quietly() {
    "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; die "failed: $1 $2"; }
}

new_key() {
    quietly openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1"
}

new_card_key() {
    if [ "$1 $algorithm" = 'auth p384' ]; then
        quietly openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$out/$1.key"
    else
        new_key "$out/$1.key"
    fi
}

# The certificate appears last and whole, so a reader of the directory never sees half a CA.
new_ca() {
    [ ! -s "$ca/$1-ca.pem" ] || return 0
    new_key "$ca/$1-ca.key"
    CARD_CRL=$1_crl
    sed "s/^distinguished_name = .*/distinguished_name = $1_ca_name/" "$work/openssl.cnf" >"$work/ca.cnf"
    quietly openssl req -config "$work/ca.cnf" -new -x509 -sha256 -days 3650 -set_serial 1 \
        -key "$ca/$1-ca.key" -extensions ca_ext -out "$work/ca.pem"
    mv "$work/ca.pem" "$ca/$1-ca.pem"
}

make_cas() {
    [ -e "$ca/README" ] || cat >"$ca/README" <<'TEXT'
Throw-away certificate authorities for simulated cards. They certify nobody: the key is on this disk,
every subject is invented, and nothing outside these tests may trust them. Delete at will.
TEXT
    new_ca auth
    new_ca sign
}

# issue KIND SUBJECT_SECTION
issue() {
    sed "s/^distinguished_name = .*/distinguished_name = $2/" "$work/openssl.cnf" >"$work/subject.cnf"
    quietly openssl req -config "$work/subject.cnf" -new -key "$out/$1.key" -out "$work/$1.csr"
    : >"$work/index.txt"
    printf '07%s\n' "$(openssl rand -hex 3)" >"$work/serial"
    quietly openssl ca -config "$work/openssl.cnf" -batch -notext -utf8 -cert "$ca/$1-ca.pem" \
        -keyfile "$ca/$1-ca.key" -extensions "$1_ext" -startdate "$not_before" -enddate "$not_after" \
        -in "$work/$1.csr" -out "$out/$1.pem"
}

# The notice makes up the difference; lengths of lengths may take a second round.
fit_certificate() {
    round=1
    while issue auth person; do
        is=$(openssl x509 -in "$out/auth.pem" -outform DER | wc -c)
        missing=$((certificate_bytes - is))
        [ "$missing" -ne 0 ] || return 0
        length=$((${#CARD_NOTICE} + missing))
        if [ "$round" -ge 5 ] || [ "$length" -le 0 ]; then
            die "cannot make a certificate of $certificate_bytes bytes"
        fi
        CARD_NOTICE=$(printf '%-*.*s' "$length" "$length" "$CARD_NOTICE" | sed 's/ $/./')
        round=$((round + 1))
    done
}

now_year=$(date -u +%Y)
not_before=${not_before:-$(date -u +%Y%m%d)000000Z}
birthday=${birth#????}
[ "$birthday" != 0229 ] || birthday=0228
not_after=${not_after:-$((now_year + 5))${birthday}145959Z}

if command -v flock >/dev/null 2>&1; then
    exec 8>"$ca/.lock"
    flock 8
fi
make_cas
exec 8>&-
new_card_key auth
if [ -n "$certificate_bytes" ]; then fit_certificate; else issue auth person; fi
new_card_key sign
issue sign signer
new_key "$out/text.key"

# Relative when the CA lies inside OUTDIR, so that such a card may be moved as a whole.
case $ca in
"$out"/*) ca_path=${ca#"$out"/} ;;
*) ca_path=$(cd "$ca" && pwd) ;;
esac
cat >"$work/card.profile" <<PROFILE
# A simulated card of a person who does not exist.
name = $name
address = $address
birth = $birth
sex = $sex
pin = $pin
text_pin = $pin
sign_password = $sign_password
code_b = $code_b
common_record = $(printf '%015d99999%s%s' "$person" "$expiry_year" "${birth#????}")
auth_key = auth.key
auth_cert = auth.pem
auth_ca = $ca_path/auth-ca.pem
sign_key = sign.key
sign_cert = sign.pem
sign_ca = $ca_path/sign-ca.pem
text_key = text.key
$extra
PROFILE
mv "$work/card.profile" "$out/card.profile"
rm -f "$out/card.profile.state"
