// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { eventually } from './wait.mjs';

/// What Redis holds, read in one moment: occupancy {room: count}, pages {room: [member]}, online [member],
/// users and orphans (keys), nodes.
const kProjection = `
    local occupancy, pages = {}, {}
    local scores = redis.call('ZRANGE', 'rooms:occupancy', 0, -1, 'WITHSCORES')
    for i = 1, #scores, 2 do occupancy[scores[i]] = tonumber(scores[i + 1]) end
    for _, key in ipairs(redis.call('KEYS', 'presence:page:*')) do
        pages[string.sub(key, 15)] = redis.call('SMEMBERS', key)
    end
    return cjson.encode({
        occupancy = occupancy, pages = pages, online = redis.call('ZRANGE', 'presence:online', 0, -1),
        users = #redis.call('KEYS', 'presence:user:*'), members = #redis.call('KEYS', 'room:*:user:*'),
        nodes = redis.call('ZRANGE', 'presence:nodes', 0, -1), sets = redis.call('KEYS', 'room:*:node:*'),
    })`;

/// Several hosts of one Redis, which can be killed and started again under their names.
export class Cluster {
    hosts = new Map(); // node id -> Host

    constructor(scenario, redis, names, options) {
        this.scenario = scenario;
        this.redis = redis;
        this.names = names;
        this.options = options;
    }

    async start() {
        for (const name of this.names)
            await this.startHost(name);
    }

    /// `isReady: false`: does not wait until it serves.
    async startHost(name, { isReady = true } = {}) {
        const { settings, ...options } = this.options;
        const host = await this.scenario.host({
            ...options, isReady, settings: { ...settings, 'host.nodeId': name, 'redis.url': this.redis.url },
        });
        this.hosts.set(name, host);
        return host;
    }

    async kill(name) {
        const host = this.hosts.get(name);
        this.hosts.delete(name);
        host.expectedExit = { code: null, signal: 'SIGKILL' };
        await host.process.stop('SIGKILL');
    }

    get running() { return [...this.hosts.values()]; }

    /// GET /rooms of every host: {host, body, stale, header, users}, users being the sum of all rooms.
    lists() {
        return Promise.all(this.running.map(async host => {
            const { body, headers } = await host.get('rooms');
            const users = body.rooms.reduce((sum, room) => sum + room.estimatedOccupancy, 0);
            return { host, body, users, stale: body.stale, header: headers.get('x-rollcall-stale') === 'true' };
        }));
    }

    /// Whether Redis and the counts of every host agree with the model: '' or what does not.
    async difference(model) {
        const [projection, lists] = await Promise.all([this.projection(), this.lists()]);
        const differences = inRedis(model, projection, this.running.length);
        for (const { host, body, stale, header } of lists) {
            if (stale || header)
                differences.push(`${host.process.name} is stale`);
            const counts = new Map(body.rooms.map(room => [room.id, room.estimatedOccupancy]));
            for (const [room, users] of model) {
                if (counts.get(room) !== users.size)
                    differences.push(`${host.process.name} counts ${counts.get(room)} in ${room}, not ${users.size}`);
            }
        }
        return summary(differences);
    }

    /// Whether every host lists the right members of every room: '' or what does not.
    async wrongMembers(model) {
        const differences = [];
        for (const host of this.running) {
            await Promise.all([...model].map(async ([room, users]) => {
                const { body } = await host.get(`rooms/${room}`);
                const listed = body.members.map(member => member.userId);
                if (!sameSet(listed, users))
                    differences.push(`${host.process.name} lists ${listed.length} members of ${room}, not ${users.size}`);
            }));
        }
        return summary(differences);
    }

    async projection() { return JSON.parse(await this.redis.cli('EVAL', kProjection, 0)); }

    /// Waits until everything is exact, hosts, Redis and what the clients see; returns the milliseconds since `since`
    /// (performance.now()), and fails after `within`.
    async exact(crowd, { since, within }) {
        await eventually('all is exact', async () => {
            const model = crowd.model();
            const difference = await this.difference(model) || summary(crowd.wrongViews(model));
            if (difference)
                throw new Error(difference);
            return true;
        }, { within: since + within - performance.now(), every: 50 });
        return performance.now() - since;
    }
}

function inRedis(model, { occupancy, pages, online, users, members, nodes, sets }, liveNodes) {
    const differences = [];
    const expected = new Set();
    let memberships = 0;
    for (const [room, people] of model) {
        const names = [...people].map(user => `user:${user}`);
        names.forEach(name => expected.add(name));
        memberships += names.length;
        if ((occupancy[room] ?? 0) !== names.length)
            differences.push(`ZSCORE rooms:occupancy ${room} is ${occupancy[room]}, not ${names.length}`);
        if (!sameSet(pages[room] ?? [], new Set(names)))
            differences.push(`SCARD presence:page:${room} is ${pages[room]?.length}, not ${names.length}, or others`);
    }
    if (!sameSet(online, expected))
        differences.push(`ZCARD presence:online is ${online.length}, not ${expected.size}, or others`);
    if (users !== expected.size)
        differences.push(`${users} keys presence:user:*, not ${expected.size}`);
    if (members !== memberships)
        differences.push(`${members} keys room:*:user:*, not ${memberships}`);
    const dead = [sets].flat().filter(key => !nodes.some(node => key.endsWith(`:${node}`)));
    if (nodes.length !== liveNodes || dead.length > 0)
        differences.push(`nodes are ${nodes}; sets of dead nodes: ${dead.length}`);
    return differences;
}

/// A list (Lua's empty one comes as an object) against a set.
function sameSet(list, set) {
    return Array.isArray(list) ? list.length === set.size && list.every(each => set.has(each)) : set.size === 0;
}

function summary(differences) {
    return differences.length === 0 ? '' : `${differences.length} differences: ${differences.slice(0, 4).join('; ')}`;
}
