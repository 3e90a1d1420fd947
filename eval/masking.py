"""Takes out of a mail what only its collection has: a detector that saw it would know the collection, not the mail.

Header fields that a receiver wrote (verdicts, traces of its own hops) go from every mail. Those of list software go where
the whole collection is a list's; a newsletter's own stay. Names of the collection become ordinary ones.
"""
import re

# Of the tenant that received it, and of filters that judged it before.
_RECEIVERS = re.compile(
    rb"(?:X-MS-|X-Microsoft-|X-Forefront-|X-EOP|X-Exchange-|X-Incoming|X-SID-|X-Spam|X-Bogosity|X-Mailscanner|X-Google-|X-Gm-|X-OriginatorOrg"
    rb"|X-Sender-IP|X-Message-(?:Delivery|Info|Flag)|X-tmn|X-ClientProxiedBy|X-Received|X-Original-To|Delivered-To|Envelope-To|X-Envelope-To"
    rb"|Delivery-Date|Authentication-Results|Received-SPF|ARC-|X-Keywords|X-Status|Status|X-Apparently-To|X-Pyzor|msip_labels)[^:]*:", re.I)
_LISTS = re.compile(rb"(?:List-|X-Mailman|X-BeenThere|X-Mailing-List|Mailing-List|X-Loop|X-List|X-Egroups|Precedence|Errors-To|Sender|Mailing-)[^:]*:",
                    re.I)
_HOP = re.compile(rb"Received:", re.I)
_TENANT = re.compile(rb"(?:protection|prod)\.outlook\.com|majordomo|listexpand|localhost|spamassassin\.taint\.org|netnoteinc\.com|slashnull\.org", re.I)
_OF_LISTS = re.compile(r"list|spamassassin")
_NAMES = (
    (re.compile(rb"phishing@pot", re.I), b"marlene.haas@kontor.example"),
    (re.compile(rb"phish\.me\.again@gmail\.com", re.I), b"marlene.haas@kontor.example"),
    (re.compile(rb"(?:localhost\.)?spamassassin\.taint\.org|(?:localhost|labs)\.netnoteinc\.com", re.I), b"kontor.example"),
)


def _fields(head):
    """Header fields with their continuation lines."""
    return re.findall(rb"[^\n]*\n(?:[ \t][^\n]*\n)*", head)


def _stays(field, of_list):
    if _RECEIVERS.match(field) or (of_list and _LISTS.match(field)):
        return False
    return not (_HOP.match(field) and _TENANT.search(field))


def mask(raw, source):
    end = re.search(rb"\n\r?\n", raw)
    cut = end.start() + 1 if end else len(raw)
    head, body = raw[:cut], raw[cut:]
    of_list = bool(_OF_LISTS.match(source))
    out = b"".join(field for field in _fields(head if head.endswith(b"\n") else head + b"\n") if _stays(field, of_list)) + body
    for name, ordinary in _NAMES:
        out = name.sub(ordinary, out)
    return out
