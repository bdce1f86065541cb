// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { Process, eventually, scenario, within } from './harness.mjs';

/// rollcall-bench against a host and against its own limit server. Its figures are not judged here, only whether what
/// it counts is there.

const kProgram = join(dirname(process.env.ROLLCALL_BIN ?? ''), 'rollcall-bench');
const kSettings = {
    'rooms.autoCreate': true, 'rooms.defaultCapacity': 0, 'limits.transformsPerSecond': 0, 'limits.chatPerSecond': 0,
    'limits.heartbeatPerSecond': 0, 'limits.joinPerSecond': 0,
};
const kShort = ['--warmup', '0.2', '--seconds', '0.8'];

function start(s, args) {
    const tool = new Process('rollcall-bench', kProgram, args);
    s.onEnd(() => tool.isRunning && tool.stop('SIGKILL'));
    return tool;
}

async function run(s, args) {
    const tool = start(s, args);
    const exit = await within(30000, 'rollcall-bench ends', tool.exited);
    return { code: exit.code, lines: tool.lines };
}

async function figures(s, args) {
    const { code, lines } = await run(s, [...args, '--json', '--quiet']);
    assert.equal(code, 0, lines.join('\n'));
    return JSON.parse(lines.at(-1));
}

scenario('closed loop: every member of a room of four gets what the others send', async s => {
    const host = await s.host({ settings: kSettings });
    for (const message of ['movement', 'chat']) {
        const result = await figures(s, ['fanout', '--connections', '8', '--room-size', '4', '--message', message,
            '--pid', `${host.process.pid}`, ...kShort, host.wsUrl]);
        assert.equal(result.connections, 8);
        assert.ok(result.sentPerSecond > 0, 'nothing was sent');
        // One's own movement does not come back, one's own chat does.
        const copies = result.deliveriesPerSecond / result.sentPerSecond;
        const expected = message === 'chat' ? 4 : 3;
        assert.ok(Math.abs(copies - expected) < 0.5, `${message}: ${copies} copies of each`);
        assert.ok(result.p99ms >= result.p50ms && result.p50ms > 0);
        assert.equal(result.lost, 0);
        assert.ok(result.serverResidentMiB > 1);
    }
});

scenario('open loop: the schedule is kept, and batches are taken apart', async s => {
    const host = await s.host({ settings: kSettings });
    for (const batch of [[], ['--batch']]) {
        const result = await figures(s, ['fanout', '--connections', '10', '--room-size', '5', '--rate', '200', ...batch,
            ...kShort, host.wsUrl]);
        assert.ok(Math.abs(result.sentPerSecond - 200) < 40, `${result.sentPerSecond} messages per second`);
        assert.ok(result.deliveriesPerSecond > 600, `${result.deliveriesPerSecond} deliveries per second`);
        if (batch.length > 0)
            assert.ok(result.framesPerSecond < result.deliveriesPerSecond / 2, 'these were no batches');
    }
});

scenario('storm, idle, heartbeat and churn', async s => {
    const host = await s.host({ settings: { ...kSettings, 'auth.required': false } });
    const storm = await figures(s, ['storm', '--connections', '50', '--join', host.wsUrl]);
    assert.equal(storm.entered, 50);
    assert.equal(storm.failed, 0);
    const idle = start(s, ['idle', '--connections', '20', '--prefix', 'idle-', '--json', '--quiet', '--seconds', '3',
        host.wsUrl]);
    await eventually('its people are there', async () => {
        const { rooms } = await host.rooms();
        return rooms.filter(room => room.id.startsWith('idle-r'))
            .reduce((sum, room) => sum + room.connections, 0) === 20;
    });
    assert.equal((await idle.exited).code, 0);
    const heartbeat = await figures(s, ['heartbeat', '--connections', '20', '--heartbeat', '0.2', ...kShort, host.wsUrl]);
    assert.ok(heartbeat.heartbeatsPerSecond > 50, `${heartbeat.heartbeatsPerSecond} heartbeats per second`);
    const churn = await figures(s, ['churn', '--connections', '20', '--rate', '40', ...kShort, host.wsUrl]);
    assert.ok(churn.returnsPerSecond > 20, `${churn.returnsPerSecond} came back per second`);
});

scenario('the tokens that it signs are those that the host wants', async s => {
    const secret = '0123456789abcdef0123456789abcdef';
    const host = await s.host({ settings: { ...kSettings, 'auth.required': true, 'auth.secret': secret } });
    const args = ['storm', '--connections', '5', '--patience', '5', host.wsUrl];
    assert.equal((await figures(s, [...args, '--secret', secret])).entered, 5);
    assert.equal((await figures(s, [...args, '--secret', secret.replace('0', '1')])).failed, 5);
});

scenario('clients that were asked to leave are on the other node, and so are those that were cut off', async s => {
    const settings = { ...kSettings, 'realtime.drainWindow': '300ms' };
    const drained = await s.host({ name: 'drained', settings });
    const killed = await s.host({ name: 'killed', settings });
    const refuge = await s.host({ name: 'refuge', settings });
    const tool = start(s, ['idle', '--connections', '9', '--reconnect', '--json', '--quiet', '--warmup', '0',
        '--seconds', '8', '--room-size', '3', drained.wsUrl, killed.wsUrl, refuge.wsUrl]);
    const connections = async host => (await host.rooms()).rooms.reduce((sum, room) => sum + room.connections, 0);
    await eventually('three are on each', async () => {
        const counts = await Promise.all([drained, killed, refuge].map(connections));
        return counts.every(count => count === 3);
    });
    killed.expectedExit = { code: null, signal: 'SIGKILL' };
    await killed.process.stop('SIGKILL');
    await drained.process.stop('SIGTERM');
    await eventually('all are on the third', async () => await connections(refuge) === 9);
    assert.equal((await within(20000, 'it ends', tool.exited)).code, 0);
    assert.equal(JSON.parse(tool.lines.at(-1)).connections, 9);
});

scenario('the limit serves the same clients', async s => {
    const limit = start(s, ['--serve-limit', '--port', '0']);
    const [, url] = await limit.line(/(ws:\S+)$/);
    const result = await figures(s, ['fanout', '--connections', '8', '--room-size', '4', '--window', '2',
        '--pid', `${limit.pid}`, ...kShort, url]);
    assert.ok(Math.abs(result.deliveriesPerSecond / result.sentPerSecond - 3) < 0.5);
    assert.equal((await figures(s, ['storm', '--bare', '--connections', '20', url])).entered, 20);
    const heartbeat = await figures(s, ['heartbeat', '--connections', '4', '--heartbeat', '0.2', ...kShort, url]);
    assert.ok(heartbeat.heartbeatsPerSecond > 10);
});

scenario('what is wrong is said', async s => {
    const host = await s.host();
    for (const [args, code, message] of [
        [['--help'], 0, /usage: rollcall-bench/],
        [[], 2, /which scenario/],
        [['dance', host.wsUrl], 2, /no scenario 'dance'/],
        [['idle'], 2, /which host/],
        [['idle', '--connections', 'many', host.wsUrl], 2, /--connections needs a number/],
        [['idle', '--loud', host.wsUrl], 2, /no option --loud/],
        [['idle', 'wss://127.0.0.1/ws'], 1, /TLS is not spoken/],
        [['idle', '--pid', '4194304', host.wsUrl], 1, /no process 4194304/],
        [['idle', '--connections', '1', 'ws://127.0.0.1:1/ws'], 1, /did not get in: the connection was dropped/],
        [['idle', '--connections', '1', host.wsUrl.replace(/ws$/, 'nowhere')], 1, /did not get in: HTTP\/1.1 404/],
        [['idle', '--connections', '1', host.wsUrl], 1, /the join was refused.*room_not_found/],
    ]) {
        const result = await run(s, args);
        assert.equal(result.code, code, `${args.join(' ')}: ${result.lines.join('\n')}`);
        assert.match(result.lines.join('\n'), message);
    }
});
