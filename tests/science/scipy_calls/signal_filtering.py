CALLS = ()
