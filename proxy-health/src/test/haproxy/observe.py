#!/usr/bin/env python3
"""Runs the local haproxy against scripted servers and writes down what its checks report.

    observe.py TABLE.tsv [REQUESTS.tsv]

TABLE.tsv: name, tls, server, check, [status, code, info,] ours. The three columns in brackets are rewritten from what
haproxy says; the others are kept. REQUESTS.tsv: check, request; the second column is rewritten.

tls     no: neither side; both; client: haproxy speaks TLS, the server does not; refused: haproxy verifies
        the server's certificate and does not know its issuer
server  what the server does on each connection, separated by ' | ': read (a request, or whatever comes first), line, some (bytes),
        send:TEXT (\\r \\n \\xHH, and *N{TEXT} repeats), pause, fin, rst, close, tls (shakes hands), hold (until
        the peer closes) or, alone: refuse, full (never accepts). Where a check connects several times, ' || ' parts
        what is done on each connection
check   haproxy's lines, separated by ' ; '

Needs haproxy and openssl. Ports 23000 and up of the loopback.
"""
import csv, io, itertools, os, re, socket, ssl, struct, subprocess, sys, tempfile, threading, time

PORT = 23000
work = tempfile.mkdtemp()
keep, seen = [], {}


def unescape(text):
    text = re.sub(r'\*(\d+)\{(.*?)\}', lambda m: m.group(2) * int(m.group(1)), text)
    return re.sub(rb'\\(r|n|t|x[0-9a-fA-F]{2})',
                  lambda m: {b'r': b'\r', b'n': b'\n', b't': b'\t'}.get(m.group(1)) or bytes([int(m.group(1)[1:], 16)]),
                  text.encode())


def escape(data):
    return ''.join({13: '\\r', 10: '\\n', 9: '\\t'}.get(b, chr(b) if 32 <= b < 127 else '\\x%02x' % b) for b in data)


def read_request(c):
    data = c.recv(65536)
    while data[:1].isalpha() and b'\r\n\r\n' not in data:
        more = c.recv(65536)
        if not more:
            return data
        data += more
    length = re.search(rb'\r\ncontent-length: (\d+)', data)
    while length and len(data.split(b'\r\n\r\n', 1)[1]) < int(length.group(1)):
        data += c.recv(65536)
    return data


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(work + '/cert.pem', work + '/key.pem')
    return made


def converse(c, name, actions, tls):
    try:
        c.settimeout(5)
        if tls in ('both', 'refused'):
            c = context().wrap_socket(c, server_side=True)
        for action in actions:
            if action == 'tls':
                c = context().wrap_socket(c, server_side=True)
            elif action == 'line':
                while not c.recv(1) == b'\n':
                    pass
            elif action == 'some':
                c.recv(65536)
            elif action == 'read':
                seen.setdefault(name, read_request(c))
            elif action.startswith('send:'):
                c.sendall(unescape(action[5:]))
            elif action == 'pause':
                time.sleep(0.15)
            elif action == 'fin':
                c.shutdown(socket.SHUT_WR)
            elif action == 'rst':
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            elif action == 'hold':
                while c.recv(65536):
                    pass
    except OSError:
        pass  # haproxy is free to leave at any point
    finally:
        c.close()


def serve(port, name, server, tls):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', port))
    keep.append(s)
    if server == 'refuse':
        return
    s.listen(0 if server == 'full' else 64)
    if server == 'full':
        for _ in range(3):
            k = socket.socket()
            k.setblocking(False)
            k.connect_ex(('127.0.0.1', port))
            keep.append(k)
        return

    def loop():
        scripts = itertools.cycle([each.split(' | ') for each in server.split(' || ')])
        while True:
            c, _ = s.accept()
            threading.Thread(target=converse, args=(c, name, next(scripts), tls), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()


def rows(path):
    with open(path, newline='') as f:
        lines = [l.rstrip('\n') for l in f]
    return [l for l in lines if l.startswith('#')], [l.split('\t') for l in lines if l and not l.startswith('#')]


def show_stat(sock):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sock)
    s.sendall(b'show stat\n')
    out = b''
    while chunk := s.recv(65536):
        out += chunk
    s.close()
    return csv.DictReader(io.StringIO(out.decode('latin-1')[2:]))


def main(table_path, requests_path=None):
    table_head, table = rows(table_path)
    requests_head, requests = rows(requests_path) if requests_path else ([], [])
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', work + '/key.pem', '-out',
                    work + '/cert.pem', '-days', '2', '-subj', '/CN=localhost'], check=True, capture_output=True)
    ok = 'read | send:HTTP/1.0 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n | fin | hold'
    cases = [(r[0], r[1], r[2], r[3]) for r in table] + [('request%d' % i, 'no', ok, r[0]) for i, r in enumerate(requests)]
    sock = work + '/sock'
    config = ['global', ' stats socket %s level admin' % sock, 'defaults', ' mode http', ' timeout connect 5s',
              ' timeout client 5s', ' timeout server 5s', 'frontend f', ' bind 127.0.0.1:%d' % (PORT - 1)]
    flags = {'no': 'verify none', 'both': 'ssl verify none', 'client': 'ssl verify none',
             'refused': 'ssl verify required ca-file /etc/ssl/certs/ca-certificates.crt'}
    for i, (name, tls, server, check) in enumerate(cases):
        serve(PORT + i, name, server, tls)
        # A check that connects again elsewhere names its own port so.
        check = check.replace('PORT', str(PORT + i))
        config += ['backend ' + name] + [' ' + l for l in check.split(' ; ') if l != '-']
        config += [' server s 127.0.0.1:%d check inter 1s %s' % (PORT + i, flags[tls])]
    with open(work + '/cfg', 'w') as f:
        f.write('\n'.join(config) + '\n')
    p = subprocess.Popen(['haproxy', '-db', '-f', work + '/cfg'], stdout=subprocess.DEVNULL, stderr=open(work + '/err', 'w'))
    time.sleep(6)
    stats = {}
    for _ in range(200):
        # A check that is under way, which an asterisk tells, has lost what the last one said.
        for r in show_stat(sock):
            if r['svname'] == 's' and (r['pxname'] not in stats or not r['check_status'].startswith('*')):
                stats[r['pxname']] = r
        if not any(r['check_status'].startswith('*') for r in stats.values()):
            break
        time.sleep(0.02)
    p.terminate()
    p.wait()
    with open(table_path, 'w') as f:
        f.write('\n'.join(table_head) + '\n')
        for r in table:
            x = stats[r[0]]
            info = escape(x['last_chk'].encode('latin-1'))
            ours = r[7] if len(r) > 7 else r[4] if len(r) == 5 else '-'
            f.write('\t'.join([*r[:4], x['check_status'].replace('* ', ''), x['check_code'] or '-', info or '-', ours]) + '\n')
    if not requests_path:
        return
    with open(requests_path, 'w') as f:
        f.write('\n'.join(requests_head) + '\n')
        for i, r in enumerate(requests):
            f.write(r[0] + '\t' + escape(seen['request%d' % i]) + '\n')


main(*sys.argv[1:])
