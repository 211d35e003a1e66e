# Of a person who does not exist. Keys and certificates are throw-away ones of tests/virtual-card/personalise.sh.
name = 見本　太郎
address = 見本県見本市見本町１－１
birth = 19800401
sex = 1
pin = 1234
text_pin = 1234
code_b = 55040120350000
state = none
auth_key = p384.key
auth_cert = p384.pem
auth_ca = ca.pem
