"""Clients and servers of the laboratory; each prints what the test waits for, a line at a time.

serve NAME PORT...          answers every connection with "NAME PEER PEERPORT", then echoes what comes
ask HOST PORT COUNT [FROM]  COUNT connections one after the other; prints each answer, or the error
hold HOST PORT COUNT [FROM] COUNT connections at once; prints the answers and "held"; then a line on stdin sends a byte through each
                            and prints "ok N broken M"
storm HOST PORT THREADS     connections one after the other in each thread until stdin ends; prints "done N failed M"
watch HOST PORT             connections one after the other, each of 120 ms at most; a line on stdin prints "gap MILLIS from NAME", the longest
                            time without an answer since the line before, and who answered last
"""
import socket, sys, threading, time

def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

def family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET

def serve(name, ports):
    def session(c, peer):
        try:
            c.sendall(("%s %s %d\n" % (name, peer[0].replace("::ffff:", ""), peer[1])).encode())
            while True:
                data = c.recv(4096)
                if not data:
                    break
                c.sendall(data)
        except OSError:
            pass
        finally:
            c.close()

    def accept(s):
        while True:
            c, peer = s.accept()
            threading.Thread(target=session, args=(c, peer), daemon=True).start()
    for port in ports:
        s = socket.socket(socket.AF_INET6)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        s.bind(("::", int(port)))
        s.listen(1024)
        threading.Thread(target=accept, args=(s,), daemon=True).start()
    say("serving")
    sys.stdin.read()

def connect(host, port, source=None):
    s = socket.socket(family(host))
    s.settimeout(10)
    if source:
        s.bind((source, 0))
    s.connect((host, port))
    return s

def greeting(s):
    got = b""
    while not got.endswith(b"\n"):
        data = s.recv(4096)
        if not data:
            raise OSError("closed")
        got += data
    return got.decode().strip()

def ask(host, port, count, source=None):
    for _ in range(count):
        try:
            s = connect(host, port, source)
            say(greeting(s))
            s.close()
        except OSError as e:
            say("error " + (e.strerror or str(e)))

def hold(host, port, count, source=None):
    held = []
    for _ in range(count):
        s = connect(host, port, source)
        say(greeting(s))
        held.append(s)
    say("held")
    for _ in sys.stdin:
        ok = broken = 0
        for s in held:
            try:
                s.sendall(b"x")
                if s.recv(1) == b"x":
                    ok += 1
                else:
                    broken += 1
            except OSError:
                broken += 1
        say("ok %d broken %d" % (ok, broken))

def storm(host, port, threads):
    stop = threading.Event()
    counts = [0, 0]
    lock = threading.Lock()

    def run():
        good = bad = 0
        while not stop.is_set():
            try:
                s = connect(host, port)
                greeting(s)
                s.close()
                good += 1
            except OSError as e:
                bad += 1
                say("error " + (e.strerror or str(e)))
        with lock:
            counts[0] += good
            counts[1] += bad
    all = [threading.Thread(target=run) for _ in range(threads)]
    for t in all:
        t.start()
    say("storming")
    sys.stdin.read()
    stop.set()
    for t in all:
        t.join()
    say("done %d failed %d" % tuple(counts))

def watch(host, port):
    lock = threading.Lock()
    state = [time.monotonic(), 0.0, "nobody"]

    def run():
        while True:
            s = socket.socket(family(host))
            try:
                s.settimeout(0.12)
                s.connect((host, port))
                name = greeting(s).split()[0]
                with lock:
                    now = time.monotonic()
                    state[1] = max(state[1], now - state[0])
                    state[0], state[2] = now, name
            except OSError:
                pass
            finally:
                s.close()
            time.sleep(0.002)
    threading.Thread(target=run, daemon=True).start()
    say("watching")
    for _ in sys.stdin:
        with lock:
            say("gap %d from %s" % (round(max(state[1], time.monotonic() - state[0]) * 1000), state[2]))
            state[1] = 0.0

what, args = sys.argv[1], sys.argv[2:]
if what == "serve":
    serve(args[0], args[1:])
elif what == "ask":
    ask(args[0], int(args[1]), int(args[2]), *args[3:])
elif what == "hold":
    hold(args[0], int(args[1]), int(args[2]), *args[3:])
elif what == "watch":
    watch(args[0], int(args[1]))
else:
    storm(args[0], int(args[1]), int(args[2]))
