// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

const kDeliveries = 100000;

/// What is run, and what must hold. `ours` runs against the host, `beside` against what it is compared with.
export function cases(isQuick) {
    const scale = count => isQuick ? Math.max(20, count / 10) : count;
    const times = isQuick ? ['--warmup', '0.5', '--seconds', '1'] : ['--warmup', '2', '--seconds', '5'];
    const many = scale(10000);
    const deliveries = isQuick ? kDeliveries / 10 : kDeliveries;

    const saturation = (size, window, connections, rooms, wanted) => {
        const args = ['fanout', '--connections', connections, '--room-size', size, '--rooms', rooms,
            '--window', window, '--at-once', 500, ...times];
        return {
            name: `rooms of ${size}, window ${window}, ${connections} connections`,
            ours: { server: 'host', args },
            beside: { server: 'limit', args },
            lines: [{
                what: 'deliveries/s', key: 'deliveriesPerSecond', decimals: 0, target: `>= ${wanted} of the limit`,
                holds: (value, limit) => value >= wanted * limit,
            }],
        };
    };

    const active = scale(500);
    const fixed = ['fanout', '--connections', many, '--room-size', 10, '--rooms', active / 10,
        '--rate', deliveries / 9, '--at-once', 500, ...times];
    const spread = size => {
        const args = ['fanout', '--connections', scale(200), '--room-size', size, '--rate', scale(1000), ...times];
        const report = { target: 'reported', holds: () => true };
        return {
            name: `two nodes, rooms of ${size} over both, ${scale(1000)} transforms/s (beside: one node)`,
            ours: { server: 'nodes', args },
            beside: { server: 'host', args },
            lines: [
                { what: 'published per delivered transform', key: 'publishedPerDelivery', decimals: 4, isAlone: true, ...report },
                { what: 'published per transform sent', key: 'publishedPerSent', decimals: 3, isAlone: true, ...report },
                { what: 'p50 ms', key: 'p50ms', ...report },
                { what: 'p90 ms', key: 'p90ms', ...report },
            ],
        };
    };
    const arrivals = ['--connections', scale(5000), '--at-once', scale(2000)];
    const storm = (how, { args, secret }) => ({
        name: `storm of ${scale(5000)}, ${scale(2000)} at a time, ${how}`,
        ours: { server: 'host', secret, args: ['storm', ...args, ...arrivals] },
        beside: { server: 'limit', args: ['storm', '--bare', ...arrivals] },
        lines: [
            {
                what: 'in their rooms/s (limit: bare handshakes/s)', key: 'perSecond', decimals: 0,
                target: '>= 0.3 of the limit', holds: (value, limit) => value >= 0.3 * limit,
            },
            { what: 'refused or timed out', key: 'failed', decimals: 0, target: '0', isAlone: true, holds: value => value === 0 },
        ],
    });
    const batch = extra => ['fanout', '--connections', 100, '--room-size', 100, '--rate', 2000, ...extra, ...times];
    return [
        saturation(10, 1, active, active / 10, 0.85),
        saturation(scale(100), 1, active, active / scale(100) | 0, 0.85),
        saturation(active, 1, active, 1, 0.85),
        saturation(10, 5, many, active / 10, 0.80),
        saturation(scale(100), 10, many, active / scale(100) | 0, 0.80),
        {
            name: `${deliveries} deliveries/s, ${many} connections`,
            ours: { server: 'host', args: fixed },
            beside: { server: 'limit', args: fixed },
            lines: [
                {
                    what: 'CPU us per delivery', key: 'serverCpuPerDelivery', target: '<= 1.2 of the limit',
                    holds: (value, limit) => value <= 1.2 * limit,
                },
                {
                    what: 'p90 ms', key: 'p90ms', target: '<= 2 x the limit',
                    holds: (value, limit) => value <= 2 * limit,
                },
                {
                    what: 'p99 ms', key: 'p99ms', target: '<= max(3 x, limit + 5 ms)',
                    holds: (value, limit) => value <= Math.max(3 * limit, limit + 5),
                },
            ],
        },
        {
            name: `${many} idle connections`,
            ours: { server: 'host', args: ['idle', '--connections', many, '--at-once', 500, '--warmup', 3, '--seconds', 2] },
            beside: { server: 'limit', args: ['idle', '--connections', many, '--at-once', 500, '--warmup', 1, '--seconds', 1] },
            lines: [{
                what: 'bytes per connection', key: 'bytesPerConnection', decimals: 0, target: '<= 4096',
                holds: value => value <= 4096,
            }],
        },
        storm('each with a token of the application', { args: [], secret: 'a secret of more than 32 bytes for the bench' }),
        storm('each after a POST /rooms/join of its own', { args: ['--join'] }),
        spread(10),
        spread(scale(100)),
        {
            name: '100 members x 20 Hz, batch clients (beside: the host without batch)',
            ours: { server: 'host', args: batch(['--batch']) },
            beside: { server: 'host', args: batch([]) },
            lines: [{
                what: 'CPU us per delivered transform', key: 'serverCpuPerDelivery', decimals: 3, target: '<= 0.2 of non-batch',
                holds: (value, limit) => value <= 0.2 * limit,
            }],
        },
    ];
}
