import resource
import time

import tests.inspection.test_field_crowd as c

c.OFFICERS = 20


def test_it(transactional_db, crowd):
    t = time.time()
    u = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    c.test_two_thousand_acts_sent_thrice_are_two_thousand_records(None, crowd)
    print("took", time.time() - t, "cpu", resource.getrusage(resource.RUSAGE_SELF).ru_utime - u)
