"""The problem types of the protocol paper, section 4, with their texts in both languages."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass

TYPE_PREFIX = "urn:shikaku:gateway:1:"


@dataclass(frozen=True)
class Kind:
    status: int
    title: str
    detail: str
    title_en: str
    detail_en: str


KINDS: dict[str, Kind] = {
    "challenge-expired": Kind(
        409, "認証の準備が期限切れです", "もう一度カードを読み取ってください。",
        "Challenge expired", "Fetch a new challenge and sign again."),
    "challenge-used": Kind(
        409, "認証の準備は使用済みです", "もう一度カードを読み取ってください。",
        "Challenge used", "Fetch a new challenge and sign again."),
    "idempotency-conflict": Kind(
        409, "同じ要求番号で別の内容が届きました", "ソフトウェアの提供元に連絡してください。",
        "Idempotency key reused", "The same Idempotency-Key came before with another body."),
    "signature-invalid": Kind(
        401, "カードの署名を確認できません", "カードを置き直して、最初からやり直してください。",
        "Signature invalid", "The signature does not fit the signed lines and the certificate."),
    "certificate-expired": Kind(
        403, "電子証明書の有効期限が切れています", "市区町村の窓口で電子証明書を更新するよう、患者に案内してください。",
        "Card certificate expired", "The certificate is outside its period of validity."),
    "certificate-revoked": Kind(
        403, "電子証明書が失効しています", "市区町村の窓口で手続きするよう、患者に案内してください。",
        "Card certificate revoked", "The certificate has been revoked."),
    "certificate-unknown": Kind(
        403, "この電子証明書では確認できません", "別の方法で資格を確認してください。",
        "Card certificate unknown", "Not an authentication certificate that this service knows."),
    "device-unknown": Kind(
        403, "この端末は登録されていません", "サービスの運営者に端末の登録を依頼してください。",
        "Device unknown", "The device certificate is absent or not known."),
    "facility-mismatch": Kind(
        403, "医療機関コードが端末の登録と異なります", "設定の医療機関コードを確かめてください。",
        "Facility mismatch", "MedicalInstitutionCode is not that of the device certificate."),
    "request-invalid": Kind(
        422, "要求の内容に誤りがあります", "{element} を確かめてから、もう一度送ってください。",
        "Request invalid", "Check {element} and send again."),
    "not-found": Kind(
        404, "見つかりません", "受付番号または接続先の設定を確かめてください。",
        "Not found", "No such path or ReceptionNumber."),
    "method-not-allowed": Kind(
        405, "この操作はできません", "ソフトウェアの提供元に連絡してください。",
        "Method not allowed", "See the Allow header."),
    "request-too-large": Kind(
        413, "要求が大きすぎます", "件数を減らしてから、もう一度送ってください。",
        "Request too large", "The body exceeds the limit of this call."),
    "media-type-unsupported": Kind(
        415, "要求の形式が違います", "ソフトウェアの提供元に連絡してください。",
        "Media type unsupported", "Send application/xml."),
    "headers-too-large": Kind(
        431, "要求のヘッダーが大きすぎます", "ソフトウェアの提供元に連絡してください。",
        "Headers too large", "At most 64 headers and 16 KiB."),
    "rate-limited": Kind(
        429, "要求が多すぎます", "しばらく待ってから、もう一度お試しください。",
        "Rate limited", "Wait for Retry-After seconds, then repeat the same request."),
    "internal-error": Kind(
        500, "サービスの内部で問題が起きました", "もう一度お試しください。続くときは運営者に連絡してください。",
        "Internal error", "The service failed."),
    "upstream-unavailable": Kind(
        503, "照会先につながりません", "しばらく待ってから、もう一度お試しください。",
        "Upstream unavailable", "Wait for Retry-After seconds, then repeat the same request."),
}


class Fault(Exception):
    """Ends a call with a problem document."""

    def __init__(self, name: str, element: str = "", retry_after: int = 0,
                 headers: dict[str, str] | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.element = element
        self.headers = dict(headers or {})
        if retry_after:
            self.headers["Retry-After"] = str(retry_after)

    @property
    def status(self) -> int:
        return KINDS[self.name].status

    def document(self) -> bytes:
        kind = KINDS[self.name]
        body = {
            "type": TYPE_PREFIX + self.name,
            "title": kind.title,
            "detail": kind.detail.format(element=self.element),
            "status": kind.status,
            "title_en": kind.title_en,
            "detail_en": kind.detail_en.format(element=self.element),
            "instance": uuid.uuid4().urn,
        }
        if self.element:
            body["element"] = self.element
        return json.dumps(body, ensure_ascii=False).encode()


def by_status(status: int, retry_after: int) -> Fault:
    """The type that stands for a bare status number, as `--fail checks=503` gives it."""
    preferred = {409: "challenge-expired", 403: "device-unknown"}
    name = preferred.get(status) or next((n for n, k in KINDS.items() if k.status == status), "")
    if not name:
        raise ValueError(f"no problem type has status {status}")
    return Fault(name, element="XmlMsg" if name == "request-invalid" else "",
                 retry_after=retry_after if status in (429, 503) else 0)
