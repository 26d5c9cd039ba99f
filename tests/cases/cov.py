import collections
from tests.cases import machine, witness
C=collections.Counter()
orig=machine.Histories.act
def act(self, case, action, given, by, seen=None):
    before=case.version
    orig(self, case, action, given, by, seen)
    C[(action, "ok" if case.version>before else "no")]+=1
machine.Histories.act=act
