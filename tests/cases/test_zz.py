from tests.cases import cov
def test_zz(db):
    for k,v in sorted(cov.C.items()): print(k,v)
