// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PublishMeter } from './twonodes.mjs';

/// More than this busy elsewhere and a run is repeated.
const kBusy = 0.15;

const configuration = secret => `
[auth]
${secret ? `secret = "${secret}"` : 'required = false'}
[log]
level = "warning"
[edge]
port = 0
maxConnectionsPerAddress = 0
acceptsPerSecond = 0
[rooms]
autoCreate = true
defaultCapacity = 0
joinsPerSecondPerAddress = 0
[limits]
transformsPerSecond = 0
chatPerSecond = 0
heartbeatPerSecond = 0
joinPerSecond = 0
`;

/// Server and generator on a core each, when there are two and taskset is there. What the host started (its Redis) shares
/// the generator's, so that both servers have one for themselves.
function pin(pid, core) {
    if (availableParallelism() < 2)
        return;
    try {
        execFileSync('taskset', ['-cp', String(core), String(pid)], { stdio: 'ignore' });
    } catch {
        // Not there: the system decides.
    }
}

const childrenOf = pid => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);

async function start(program, args, pattern) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const errors = [];
    createInterface({ input: child.stderr }).on('line', line => errors.push(line));
    const ended = new Promise(resolve => child.once('close', resolve));
    const match = await new Promise((resolve, reject) => {
        createInterface({ input: child.stdout }).on('line', line => {
            const found = line.match(pattern);
            if (found)
                resolve(found);
        });
        child.once('close', code => reject(new Error(`${program} ended with ${code}\n${errors.join('\n')}`)));
        child.once('error', reject);
    });
    return { child, url: match[1], stop: () => { child.kill('SIGTERM'); return ended; } };
}

/// Busy cores since the machine started.
function busySeconds() {
    const [user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]
        .trim().split(/\s+/).slice(1).map(Number);
    return (user + nice + system + irq + softIrq) / 100;
}

async function run(program, args) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    pin(child.pid, 1);
    let output = '';
    let errors = '';
    child.stdout.on('data', data => output += data);
    child.stderr.on('data', data => errors += data);
    const code = await new Promise((resolve, reject) => {
        child.once('close', resolve);
        child.once('error', reject);
    });
    if (code !== 0)
        throw new Error(`rollcall-bench ${args.join(' ')} ended with ${code}: ${errors}`);
    return JSON.parse(output.trim().split('\n').at(-1));
}

const cpu = pid => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '').trim().split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
};

/// The server, or servers, that a case names: 'host', 'limit', or 'nodes': two hosts on one Redis. With a secret nobody
/// comes in without a token.
async function serve(bin, { server, secret }, folder) {
    const tool = join(bin, 'rollcall-bench');
    if (server === 'limit')
        return { targets: [await start(tool, ['--serve-limit', '--port', '0'], /(ws:\S+)$/)] };
    writeFileSync(join(folder, 'rollcall.toml'), configuration(secret));
    const meter = server === 'nodes' ? await PublishMeter.start(folder) : undefined;
    const more = meter ? ['--set', `redis.url=${meter.url}`] : [];
    const targets = [];
    for (let i = 0; i < (meter ? 2 : 1); ++i)
        targets.push(await start(join(bin, 'rollcall'), ['--config', join(folder, 'rollcall.toml'), ...more],
            /listening on (http:\S+)/));
    // A host listens before its plugins and Redis are up.
    for (const { url } of targets)
        while (!await fetch(`${url}ready`).then(answer => answer.ok && answer.json(), () => null)
            .then(body => body?.status === 'ready'))
            await new Promise(resolve => setTimeout(resolve, 50));
    return { targets, meter };
}

async function once(bin, what) {
    const args = what.secret ? [...what.args, '--secret', what.secret] : what.args;
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
    const { targets, meter } = await serve(bin, what, folder);
    try {
        const urls = targets.map(({ url }) => url.replace(/^http/, 'ws').replace(/(\d)\/$/, '$1/ws'));
        const pids = targets.map(({ child }) => child.pid);
        pids.forEach(pid => pin(pid, 0));
        pids.flatMap(childrenOf).forEach(pid => pin(pid, 1));
        const serverCpu = () => pids.reduce((sum, pid) => sum + cpu(pid), 0);
        const before = { busy: busySeconds(), server: serverCpu(), at: performance.now() };
        meter?.watch();
        const result = await run(join(bin, 'rollcall-bench'),
            [...args.map(String), '--json', '--quiet', '--pid', String(pids[0]), ...urls]);
        const seconds = (performance.now() - before.at) / 1000;
        const spent = busySeconds() - before.busy - (serverCpu() - before.server);
        // The generator's CPU is known for its measuring only; it does the same all the time.
        result.elsewhere = Math.max(0, spent / seconds - result.ownCpu);
        if (meter) {
            const measured = Number(args[args.indexOf('--seconds') + 1]);
            result.publishedPerSecond = meter.perSecond(measured);
            result.publishedPerDelivery = result.publishedPerSecond / result.deliveriesPerSecond;
            result.publishedPerSent = result.publishedPerSecond / result.sentPerSecond;
        }
        return result;
    } finally {
        await Promise.all(targets.map(target => target.stop()));
        await meter?.stop();
        rmSync(folder, { recursive: true, force: true });
    }
}

/// One run with fresh processes. Repeated when somebody else kept the machine busy.
export async function measure(bin, what, repeats) {
    let best;
    for (let attempt = 0; attempt <= repeats; ++attempt) {
        const result = await once(bin, what);
        if (!best || result.elsewhere < best.elsewhere)
            best = result;
        if (best.elsewhere <= kBusy)
            break;
    }
    return best;
}
