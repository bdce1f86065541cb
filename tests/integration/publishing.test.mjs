// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { eventually, scenario } from './harness.mjs';

/// What hosts publish in Redis, by its own counters (INFO commandstats): nothing of a room that lives on one of them.

const kMessages = 40;

/// PUBLISH and SPUBLISH so far, scripts included.
async function published(redis) {
    const counts = (await redis.cli('INFO', 'commandstats')).matchAll(/^cmdstat_s?publish:calls=(\d+)/gm);
    return [...counts].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

/// Joins are told with a delay; from then on nothing is published by itself.
async function settled(redis) {
    let last = -1;
    let since = performance.now();
    await eventually('nothing is published for a second', async () => {
        const now = await published(redis);
        if (now !== last)
            since = performance.now();
        last = now;
        return performance.now() - since >= 1000;
    }, { within: 20000, every: 100 });
    return last;
}

/// `speaker` moves, talks and waves so often, and `listeners` get all of it.
async function act(room, speaker, listeners) {
    for (let count = 1; count <= kMessages; ++count) {
        speaker.sequence = (speaker.sequence ?? 0) + 1;
        speaker.move(room, speaker.sequence, { x: count });
        if (count % 10 === 0) {
            speaker.chat(room, `chat ${speaker.sequence}`);
            speaker.send('emote', { roomId: room, emoteId: 'wave' });
            for (const listener of listeners)
                await listener.next('chat_broadcast', ({ text }) => text === `chat ${speaker.sequence}`, { timeout: 10000 });
        }
    }
    for (const listener of listeners)
        await listener.next('avatar_transform_broadcast', ({ seq }) => seq === speaker.sequence);
}

scenario('a room on one host publishes nothing while another room spans both', async s => {
    const redis = await s.redis({ persists: false });
    const settings = {
        'redis.url': redis.url, 'limits.transformsPerSecond': 0, 'limits.chatPerSecond': 0, 'limits.emotePerSecond': 0,
    };
    const [first, second] = [await s.host({ settings }), await s.host({ settings })];
    const alice = await s.member(first, 'alice', 'lobby');
    const bob = await s.member(second, 'bob', 'lobby');
    const carol = await s.member(first, 'carol', 'garden');
    const dave = await s.member(first, 'dave', 'garden');
    await alice.next('member_joined', ({ member }) => member.userId === 'bob');
    await carol.next('member_joined', ({ member }) => member.userId === 'dave');

    const before = await settled(redis);
    await act('garden', carol, [dave]);
    await act('garden', dave, [carol]);
    assert.equal(await published(redis) - before, 0, 'the garden was published');

    await act('lobby', alice, [bob]);
    const lobby = await published(redis) - before;
    assert.ok(lobby > 0 && lobby <= kMessages + 2 * kMessages / 10, `${lobby} messages of the lobby were published`);

    // Both at once: what is published is the lobby's, and no more for the garden beside it.
    const between = await settled(redis);
    await Promise.all([act('garden', carol, [dave]), act('lobby', bob, [alice])]);
    const both = await published(redis) - between;
    assert.ok(both > 0 && both <= kMessages + 2 * kMessages / 10, `${both} messages were published`);

    // As soon as somebody is there from elsewhere, it is published; and no more when they have left.
    const erin = await s.member(second, 'erin', 'garden');
    await carol.next('member_joined', ({ member }) => member.userId === 'erin');
    const joined = await settled(redis);
    await act('garden', carol, [dave, erin]);
    assert.ok(await published(redis) > joined, 'erin\u0027s host was told nothing');
    erin.leave('garden');
    await carol.next('member_left', ({ userId }) => userId === 'erin');
    const left = await settled(redis);
    await act('garden', carol, [dave]);
    assert.equal(await published(redis) - left, 0, 'the garden was published after erin had left');
});
