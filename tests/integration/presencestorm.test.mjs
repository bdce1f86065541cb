// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, Crowd, eventually, scenario } from './harness.mjs';

/// 2,000 clients in 80 rooms over three hosts, while hosts and Redis are killed and stopped. "Exact" is: the counts of
/// every host, the sets and the index in Redis and what every client was told equal the test's own model.
/// Where the bounds come from: a lease of 5 s, the default.

const kNames = ['amber', 'basalt', 'cobalt'];
const kRooms = Array.from({ length: 80 }, (unused, index) => `room${index}`);
const kUsers = 1800;
const kSecondDevices = 200; // of the first users, in the same room on the next host
const kBackground = { heartbeat: 8000, moves: 60, chats: 10 };
const kStorm = { heartbeat: 8000, moves: 150, chats: 30, switches: 20, returns: 20 };

/// Every room is spread over all hosts. One in six changes rooms when there is a storm.
function population(cluster) {
    const hostOf = index => cluster.hosts.get(kNames[index % kNames.length]);
    const people = Array.from({ length: kUsers }, (unused, index) => ({
        user: `u${index}`, room: kRooms[index % kRooms.length], host: hostOf(Math.floor(index / kRooms.length)),
        isMover: index >= kSecondDevices && index % 6 === 0,
    }));
    const devices = people.slice(0, kSecondDevices).map((person, index) =>
        ({ ...person, host: hostOf(Math.floor(index / kRooms.length) + 1) }));
    return [...people, ...devices];
}

const seconds = milliseconds => `${(milliseconds / 1000).toFixed(1)} s`;
const isPast = (since, milliseconds) => delay(Math.max(0, since + milliseconds - performance.now()));

/// What never may happen did not, and every host lists who is there.
async function assertSound(crowd, cluster) {
    assert.deepEqual(crowd.violations.slice(0, 5), [], `${crowd.violations.length} violations`);
    assert.equal(await cluster.wrongMembers(crowd.model()), '');
}

/// Everybody left behind was told once that these are gone, and of nobody else.
function assertDepartures(crowd, gone, isOnSurvivor = () => true) {
    const roomOf = new Map(crowd.visitors.map(visitor => [visitor.user, visitor.room]));
    for (const visitor of crowd.present.filter(isOnSurvivor)) {
        const expected = [...gone].filter(user => roomOf.get(user) === visitor.room).map(user => [user, ['lost']]);
        assert.deepEqual([...visitor.departures].sort(), expected.sort(), `what ${visitor.user} heard of leaves`);
    }
}

async function bringBack(crowd, cluster, name, visitors) {
    const host = cluster.hosts.get(name) ?? await cluster.startHost(name);
    for (const visitor of visitors)
        visitor.host = host;
    const since = performance.now();
    await crowd.enter(visitors);
    await cluster.exact(crowd, { since, within: 20000 });
    return performance.now() - since;
}

scenario('2,000 people on three hosts', { timeout: 170000 }, async (s, context) => {
    const redis = await s.redis({ persists: false });
    const cluster = new Cluster(s, redis, kNames, {
        settings: { 'log.rules."rollcall.plugin.realtime"': 'warning' },
        rooms: kRooms.map(id => ({ id, name: id, capacity: 1000 })),
    });
    await cluster.start();
    const crowd = new Crowd(kRooms);
    s.onEnd(() => crowd.stop());

    let failure;
    const step = (name, body) => context.test(name, async t => {
        if (failure) {
            t.skip('an earlier step failed');
            return;
        }
        try {
            await body(t);
        } catch (error) {
            failure = error;
            throw error;
        }
    });

    await step('all come in', async t => {
        const since = performance.now();
        await crowd.add(population(cluster));
        crowd.work(kBackground);
        const took = await cluster.exact(crowd, { since, within: 30000 });
        t.diagnostic(`${crowd.visitors.length} clients, exact after ${seconds(took)}`);
        await assertSound(crowd, cluster);
    });

    await step('kill -9 of a host: its people are gone within 6 s, who has a second device elsewhere is not', async t => {
        const { visitors, gone } = crowd.giveUp(cluster.hosts.get('cobalt'));
        crowd.watch(gone);
        assert.ok(gone.size > 400 && gone.size < visitors.length, 'some have a second device');
        const since = performance.now();
        await cluster.kill('cobalt');
        const took = await cluster.exact(crowd, { since, within: 6000 });
        t.diagnostic(`${gone.size} gone after ${seconds(took)}`);
        await assertSound(crowd, cluster);
        assertDepartures(crowd, gone);
        t.diagnostic(`back after ${seconds(await bringBack(crowd, cluster, 'cobalt', visitors))}`);
    });

    await step('kill -9 and restart within 1 s, nobody returns: gone within 6 s', async t => {
        const { visitors, gone } = crowd.giveUp(cluster.hosts.get('basalt'));
        crowd.watch(gone);
        const since = performance.now();
        await cluster.kill('basalt');
        assert.ok(performance.now() - since < 1000);
        await cluster.startHost('basalt', { isReady: false });
        const took = await cluster.exact(crowd, { since, within: 6000 });
        t.diagnostic(`${gone.size} gone after ${seconds(took)}`);
        await assertSound(crowd, cluster);
        assertDepartures(crowd, gone);
        t.diagnostic(`back after ${seconds(await bringBack(crowd, cluster, 'basalt', visitors))}`);
    });

    await step('SIGSTOP of a host for 8 s: right again within 3 s', async t => {
        const host = cluster.hosts.get('amber');
        const { visitors, gone } = crowd.giveUp(host);
        crowd.watch(gone);
        s.onEnd(() => host.process.signal('SIGCONT'));
        const stopped = performance.now();
        host.process.signal('SIGSTOP');
        cluster.hosts.delete('amber');
        const reaped = await cluster.exact(crowd, { since: stopped, within: 7500 });
        assertDepartures(crowd, gone);
        await isPast(stopped, 8000);
        cluster.hosts.set('amber', host);
        for (const visitor of visitors)
            visitor.isAway = false;
        const since = performance.now();
        host.process.signal('SIGCONT');
        const took = await cluster.exact(crowd, { since, within: 3000 });
        t.diagnostic(`${gone.size} reaped after ${seconds(reaped)}, all right ${seconds(took)} after SIGCONT`);
        await assertSound(crowd, cluster);
        assertDepartures(crowd, gone, visitor => visitor.host !== host);
        assert.ok(crowd.visitors.every(visitor => visitor.isOpen));
    });

    const allStale = () => eventually('all hosts say stale', async () => (await cluster.lists()).every(list => list.stale));
    /// Waits for exactness within 3 s of `pong`; people come and go during the first second of them.
    const exactAfter = async pong => {
        await isPast(pong, 1000);
        crowd.work({ ...kStorm, switches: 0, returns: 0 });
        const took = await cluster.exact(crowd, { since: pong, within: 3000 });
        await assertSound(crowd, cluster);
        return `exact ${seconds(took)} after PONG, people coming and going for the first 1.0 s`;
    };

    await step('Redis killed and restarted empty, three times in a row, under load', async t => {
        crowd.watch();
        for (const round of [1, 2, 3]) {
            crowd.work({ ...kStorm, hosts: cluster.running });
            await delay(500);
            await redis.kill();
            await allStale();
            await redis.start(); // it has answered PONG when this returns
            t.diagnostic(`round ${round}: ${await exactAfter(performance.now())}`);
        }
        t.diagnostic(`${crowd.returns} came back to some host, ${crowd.refusals} joins had to be tried again`);
    });

    await step('Redis killed again while the hosts are writing to it', async t => {
        crowd.watch();
        crowd.work({ ...kStorm, hosts: cluster.running });
        for (const pause of [50, 250, 600]) {
            await redis.kill();
            await redis.start();
            await delay(pause);
        }
        await redis.kill();
        await redis.start();
        t.diagnostic(await exactAfter(performance.now()));
    });

    await step('a host and Redis killed together: its people are gone two leases later', async t => {
        const { visitors, gone } = crowd.giveUp(cluster.hosts.get('cobalt'));
        crowd.watch(gone);
        await redis.kill();
        await cluster.kill('cobalt');
        await allStale();
        await redis.start();
        const took = await cluster.exact(crowd, { since: performance.now(), within: 15000 });
        t.diagnostic(`${gone.size} gone ${seconds(took)} after PONG`);
        await assertSound(crowd, cluster);
        t.diagnostic(`back after ${seconds(await bringBack(crowd, cluster, 'cobalt', visitors))}`);
    });

    await step('Redis paused for 20 s: stale, then exact, nobody is said to have left', async t => {
        crowd.watch();
        crowd.work({ ...kStorm, returns: 0 }); // who comes back to another host is unknown to the first for 20 s
        const before = crowd.model();
        const paused = performance.now();
        s.onEnd(() => redis.process.signal('SIGCONT'));
        redis.process.signal('SIGSTOP');
        await allStale();
        t.diagnostic(`all stale after ${seconds(performance.now() - paused)}`);
        await isPast(paused, 20000);
        const total = [...before.values()].reduce((sum, users) => sum + users.size, 0);
        for (const { stale, header, users } of await cluster.lists()) {
            assert.ok(stale && header);
            assert.ok(users > 0.9 * total, `${users} are counted of ${total}`);
        }
        const since = performance.now();
        redis.process.signal('SIGCONT');
        await isPast(since, 1000);
        crowd.work(kBackground);
        const took = await cluster.exact(crowd, { since, within: 6000 });
        t.diagnostic(`exact ${seconds(took)} after SIGCONT, people changing rooms for the first 1.0 s`);
        await assertSound(crowd, cluster);
        await isPast(since, 11000); // dead nodes are reaped again two leases after the outage
        assert.equal(await cluster.difference(crowd.model()), '');
        await assertSound(crowd, cluster);
        t.diagnostic(`${crowd.refusals} joins had to be tried again`);
    });

    crowd.stop();
    if (failure)
        throw failure;
});
