#!/usr/bin/python3
"""bulk_answer.py PEOPLE FILE: a bulk answer of made-up persons, for measurements."""
import sys

HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>\r
<XmlMsg>\r
<MessageHeader>\r
<ProcessExecutionTime>20250602061500</ProcessExecutionTime>\r
<QualificationConfirmationDate>20250602</QualificationConfirmationDate>\r
<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>\r
<ReceptionNumber>R00000000000000001</ReceptionNumber>\r
<SegmentOfResult>1</SegmentOfResult>\r
<CharacterCodeIdentifier>0</CharacterCodeIdentifier>\r
</MessageHeader>\r
<MessageBody>\r
"""
UNIT = """<BulkConfirmUnit>\r
<QualificationConfirmSearchInfo>\r
<InsurerNumber>06990014</InsurerNumber>\r
<InsuredCardSymbol>見・１２</InsuredCardSymbol>\r
<InsuredIdentificationNumber>{0:08}</InsuredIdentificationNumber>\r
<Birthdate>19540105</Birthdate>\r
<ArbitraryIdentifier>{0}</ArbitraryIdentifier>\r
</QualificationConfirmSearchInfo>\r
<ProcessingResultStatus>1</ProcessingResultStatus>\r
<QualificationValidity>1</QualificationValidity>\r
<ResultOfQualificationConfirmation>\r
<InsuredCardClassification>01</InsuredCardClassification>\r
<InsurerNumber>06990014</InsurerNumber>\r
<InsuredCardSymbol>見・１２</InsuredCardSymbol>\r
<InsuredIdentificationNumber>{0:08}</InsuredIdentificationNumber>\r
<InsuredBranchNumber>01</InsuredBranchNumber>\r
<PersonalFamilyClassification>1</PersonalFamilyClassification>\r
<InsuredName>見本　一郎</InsuredName>\r
<Name>見本　一郎</Name>\r
<NameKana>ﾐﾎﾝ ｲﾁﾛｳ</NameKana>\r
<Sex1>1</Sex1>\r
<Birthdate>19540105</Birthdate>\r
<Address>見本県見本市見本町１－２－３</Address>\r
<PostNumber>000-0000</PostNumber>\r
<QualificationDate>20190401</QualificationDate>\r
<InsuredCardValidDate>20240801</InsuredCardValidDate>\r
<InsuredCardExpirationDate>20250731</InsuredCardExpirationDate>\r
<InsurerName>見本健康保険組合</InsurerName>\r
<LimitApplicationCertificateChanged>0</LimitApplicationCertificateChanged>\r
</ResultOfQualificationConfirmation>\r
<ReferenceNumber>{0}</ReferenceNumber>\r
</BulkConfirmUnit>\r
"""

with open(sys.argv[2], "w", encoding="utf-8", newline="") as out:
    out.write(HEAD)
    for number in range(1, int(sys.argv[1]) + 1):
        out.write(UNIT.format(number))
    out.write("</MessageBody>\r\n</XmlMsg>\r\n")
