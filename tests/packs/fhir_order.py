"""The order of elements of FHIR R4, for what our Bundles hold. In XML an unknown or misplaced element is wrong."""

COMMON = ["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"]
RESOURCES = {
    "Bundle": ["id", "meta", "implicitRules", "language", "identifier", "type", "timestamp", "total", "link", "entry"],
    "Patient": [*COMMON, "identifier", "active", "name", "telecom", "gender", "birthDate", "deceasedBoolean", "address",
                "managingOrganization"],
    "Coverage": [*COMMON, "identifier", "status", "type", "policyHolder", "subscriber", "subscriberId", "beneficiary",
                 "dependent", "relationship", "period", "payor", "class", "order", "network", "costToBeneficiary"],
    "Organization": [*COMMON, "identifier", "active", "type", "name", "alias", "telecom", "address", "partOf"]}
CONCEPT, REFERENCE = ["coding", "text"], ["reference", "type", "identifier", "display"]
TYPES = {
    "entry": ["link", "fullUrl", "resource", "search", "request", "response"],
    "request": ["method", "url", "ifNoneMatch", "ifModifiedSince", "ifMatch", "ifNoneExist"],
    "meta": ["versionId", "lastUpdated", "source", "profile", "security", "tag"],
    "text": ["status"],
    "extension": ["url", "valueString", "valueCode", "valueIdentifier", "valueCodeableConcept", "valueReference"],
    "identifier": ["use", "type", "system", "value", "period", "assigner"],
    "name": ["use", "text", "family", "given", "prefix", "suffix", "period"],
    "telecom": ["system", "value", "use", "rank", "period"],
    "address": ["use", "type", "text", "line", "city", "district", "state", "postalCode", "country", "period"],
    "period": ["start", "end"],
    "coding": ["system", "version", "code", "display", "userSelected"],
    "type": CONCEPT, "relationship": CONCEPT,
    "beneficiary": REFERENCE, "payor": REFERENCE, "subscriber": REFERENCE, "policyHolder": REFERENCE,
    "assigner": REFERENCE, "managingOrganization": REFERENCE,
    "costToBeneficiary": ["type", "valueQuantity", "valueMoney", "exception"],
    "valueQuantity": ["value", "comparator", "unit", "system", "code"]}


def problems(node):
    order = RESOURCES.get(node.kind) if node.kind else ["extension", *(o for o in TYPES.get(node.name, []) if o != "extension")]
    names = [child.name for child in node.children]
    if order is None:
        yield f"{node.kind}: a resource that does not belong here"
        return
    if any(name not in order for name in names):
        yield f"{node.kind or node.name}: a child that does not belong there"
    elif [order.index(n) for n in names] != sorted(order.index(n) for n in names):
        yield f"{node.kind or node.name}: order of children"
    for child in node.children:
        yield from problems(child)
