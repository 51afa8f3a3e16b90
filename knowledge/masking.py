"""Hides what could name a person before a question is written down.

Masked: phone numbers, e-mail addresses, IBAN, payment cards, social security numbers (NIR). Kept, since
questions are about them: SIRET and SIREN, amounts, years, départements and postcodes.
"""

import re

import phonenumbers
from stdnum import iban, luhn
from stdnum.fr import siret

MASKS = {
    "mail": "[adresse e-mail]",
    "phone": "[téléphone]",
    "iban": "[IBAN]",
    "card": "[carte bancaire]",
    "nir": "[numéro de sécurité sociale]",
}

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ .-]?[A-Za-z0-9]){11,30}\b")
_NIR = re.compile(
    r"\b[1-478](?:[ .-]?\d){4}[ .-]?(?:\d[ .-]?\d|2[ .-]?[ABab])(?:[ .-]?\d){6}(?:[ .-]?\d{2})?\b"
)
_DIGITS = re.compile(r"\d(?:[ .-]?\d){12,18}\b")
_FRENCH_PHONE = re.compile(r"(?<![\d+])0[1-9](?:[ .-]?\d{2}){4}\b")
"""Masked whether its range is given out or not: somebody meant to be called there."""
_LONGEST = 5_000
"""Longer texts are cut before masking: nobody reads on, and the search stays quick."""


def mask(text: str) -> str:
    """The text with personal numbers and addresses replaced by what they are."""
    text = _MAIL.sub(MASKS["mail"], text[:_LONGEST])
    text = _IBAN.sub(_mask_iban, text)
    text = _NIR.sub(_mask_nir, text)
    text = _DIGITS.sub(_mask_card, text)
    return _mask_phones(_FRENCH_PHONE.sub(MASKS["phone"], text))


def _mask_iban(found: re.Match[str]) -> str:
    # What follows the number may be caught with it: the longest valid beginning is the number.
    text = found.group()
    for end in range(len(text), 14, -1):
        if text[end - 1].isalnum() and iban.is_valid(text[:end]):
            return MASKS["iban"] + text[end:]
    return text


def _mask_nir(found: re.Match[str]) -> str:
    # The month decides, not the key: a number typed with a slip is as personal. 20 and more: month unknown.
    month = int(re.sub(r"[ .-]", "", found.group())[3:5])
    return MASKS["nir"] if 1 <= month <= 12 or 20 <= month <= 42 or month >= 50 else found.group()


def _mask_card(found: re.Match[str]) -> str:
    digits = re.sub(r"[ .-]", "", found.group())
    if len(digits) == 14 and siret.is_valid(digits):
        return found.group()
    return MASKS["card"] if luhn.is_valid(digits) else found.group()


def _mask_phones(text: str) -> str:
    parts, end = [], 0
    for found in phonenumbers.PhoneNumberMatcher(text, "FR", leniency=phonenumbers.Leniency.VALID):
        if _is_siren(found.raw_string):
            continue
        parts += [text[end : found.start], MASKS["phone"]]
        end = found.end
    return "".join([*parts, text[end:]])


def _is_siren(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return len(digits) == 9 and not number.strip().startswith(("0", "+"))
