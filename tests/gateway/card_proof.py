"""Decides whether a card proved itself: certificate, then signature over the five lines."""

from __future__ import annotations

import base64
import binascii
import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.x509.oid import NameOID

from faults import Fault

MAX_CERTIFICATE = 8 * 1024
ES384_HALF = 48


def unbase64(text: str, element: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Fault("request-invalid", element=element) from None


def read_certificate(text: str) -> x509.Certificate:
    der = unbase64(text, "Certificate")
    if not der or len(der) > MAX_CERTIFICATE:
        raise Fault("request-invalid", element="Certificate")
    try:
        return x509.load_der_x509_certificate(der)
    except (ValueError, UnsupportedAlgorithm):
        raise Fault("request-invalid", element="Certificate") from None


def load_authorities(paths: list[Path]) -> list[x509.Certificate]:
    """Every certificate of every file: generations of one CA may share a file or come in several."""
    begin = b"-----BEGIN CERTIFICATE-----"
    return [x509.load_pem_x509_certificate(begin + part)
            for path in paths for part in path.read_bytes().split(begin)[1:]]


def issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Name and signature. The name alone proves nothing: generations of the card CA share it."""
    if certificate.issuer != authority.subject:
        return False
    key = authority.public_key()
    hash_algorithm = certificate.signature_hash_algorithm
    if hash_algorithm is None or hash_algorithm.name in ("md5", "sha1"):
        return False
    signed = certificate.tbs_certificate_bytes
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(certificate.signature, signed, padding.PKCS1v15(), hash_algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(certificate.signature, signed, ec.ECDSA(hash_algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def within_period(certificate: x509.Certificate, now: datetime.datetime) -> bool:
    return certificate.not_valid_before <= now <= certificate.not_valid_after


def is_for_authentication(certificate: x509.Certificate) -> bool:
    """The signing certificate of the same card carries nonRepudiation too; it must not serve here."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    try:
        if certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        pass
    return usage.digital_signature and not usage.content_commitment and not usage.key_cert_sign


def common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""


def check_certificate(certificate: x509.Certificate, authorities: list[x509.Certificate]) -> None:
    now = datetime.datetime.utcnow()
    issuer = next((a for a in authorities if issued_by(certificate, a)), None)
    if issuer is None:
        raise Fault("certificate-unknown")
    if not within_period(certificate, now) or not within_period(issuer, now):
        raise Fault("certificate-expired")
    if not is_for_authentication(certificate):
        raise Fault("certificate-unknown")


def check_algorithm(certificate: x509.Certificate, algorithm: str) -> None:
    key = certificate.public_key()
    fits = (algorithm == "RS256" and isinstance(key, rsa.RSAPublicKey)) or (
        algorithm == "ES384" and isinstance(key, ec.EllipticCurvePublicKey)
        and isinstance(key.curve, ec.SECP384R1))
    if not fits:
        raise Fault("request-invalid", element="SignatureAlgorithm")


def signed_lines(challenge: str, facility: str, day: str, key: str) -> bytes:
    lines = ("shikaku-check-1", challenge, facility, day, key)
    return "".join(line + "\n" for line in lines).encode("ascii")


def check_signature(certificate: x509.Certificate, signature: bytes, signed: bytes) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey) and len(signature) == 2 * ES384_HALF:
            r = int.from_bytes(signature[:ES384_HALF], "big")
            s = int.from_bytes(signature[ES384_HALF:], "big")
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA384()))
        else:
            raise InvalidSignature
    except InvalidSignature:
        raise Fault("signature-invalid") from None
