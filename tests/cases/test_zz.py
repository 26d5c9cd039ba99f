import collections,time
from hypothesis import settings, Phase
from hypothesis.stateful import run_state_machine_as_test
from tests.cases import machine
C=collections.Counter()
def test_zz(db, quick_passwords):
    orig=machine.Histories.act
    def act(self, case, action, given, by, seen=None):
        before=case.version
        orig(self, case, action, given, by, seen)
        C[(action, "ok" if case.version>before else "no")]+=1
        if action=="answer" and case.version>before: C["author "+str(case.author)]+=1
        if action=="approve" and case.author==by: C["own approve"]+=1
    machine.Histories.act=act
    o2=machine.Histories.hand_over
    def ho(self, who, to):
        C["leave"]+=1; C["leave hits"]+=sum(c.person==who and c.ended is None for c in self.cases)
        o2(self,who,to)
    machine.Histories.hand_over=ho
    oo=machine.Histories.overstep
    class S(machine.Histories):
        office=machine.build()
    for n in ["leave","overstep","attempt","go_on","turn_aside","delegate","edit_calendar","time_passes","too_late","submit"]:
        pass
    s=time.process_time()
    run_state_machine_as_test(S, settings=settings(max_examples=60,stateful_step_count=15,phases=[Phase.generate]))
    print(time.process_time()-s)
    for k,v in sorted(C.items(),key=str): print(k,v)
