// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

const kTurn = 2 * Math.PI;

/** The angle on the shortest way from `from` to `to`, in radians. */
export function mixAngle(from, to, share) {
    const difference = ((((to - from) % kTurn) + 3 * Math.PI) % kTurn) - Math.PI;
    return from + difference * share;
}

function mix(from, to, share) {
    return from + (to - from) * share;
}

/**
 * Smooth movement of somebody else, from transforms that arrive at uneven times.
 *
 * What is shown lags `delayMs` behind what arrived, so that there is usually a next transform to move
 * towards. Jumps longer than `snapDistance` are shown as jumps, and when nothing new arrives the last
 * position stays: nobody is shown where they have not been.
 */
export class Interpolator {
    #options;
    #samples = [];

    constructor({ delayMs = 120, snapDistance = 6, gapMs = 250, maxSamples = 32 } = {}) {
        this.#options = { delayMs, snapDistance, gapMs, maxSamples };
    }

    /** A transform {x, y, z, rotY, anim, speaking} that arrived at `nowMs`. */
    push(transform, nowMs) {
        const { snapDistance, gapMs, maxSamples } = this.#options;
        const last = this.#samples[this.#samples.length - 1];
        if (last) {
            const distance = Math.hypot(transform.x - last.x, (transform.y ?? 0) - last.y, transform.z - last.z);
            if (distance > snapDistance) {
                this.#samples = [];
            } else if (nowMs - last.atMs > gapMs) {
                // They stood still and said nothing: the way starts now, not when they were last heard.
                this.#samples = [{ ...last, atMs: nowMs - 60 }];
            }
        }
        const atMs = Math.max(nowMs, this.latest?.atMs ?? nowMs);
        this.#samples.push({ y: 0, rotY: 0, anim: 'idle', speaking: false, ...transform, atMs });
        if (this.#samples.length > maxSamples) {
            this.#samples.splice(0, this.#samples.length - maxSamples);
        }
    }

    /** Where to show them at `nowMs`; null before the first transform. */
    sample(nowMs) {
        const samples = this.#samples;
        if (samples.length === 0) {
            return null;
        }
        const shownMs = nowMs - this.#options.delayMs;
        while (samples.length > 1 && samples[1].atMs <= shownMs) {
            samples.shift();
        }
        const [from, to] = samples;
        if (!to || shownMs <= from.atMs) {
            return from;
        }
        const share = (shownMs - from.atMs) / (to.atMs - from.atMs);
        return {
            ...to,
            x: mix(from.x, to.x, share),
            y: mix(from.y, to.y, share),
            z: mix(from.z, to.z, share),
            rotY: mixAngle(from.rotY, to.rotY, share),
        };
    }

    /** The newest transform as it arrived. */
    get latest() {
        return this.#samples[this.#samples.length - 1] ?? null;
    }
}
