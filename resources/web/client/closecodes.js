// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/** Close codes that more than one place needs to know. */
export const CloseCode = Object.freeze({ Normal: 1000, Drained: 4000, PingTimeout: 4001, Replaced: 4005, RateAbuse: 4505 });

const kTexts = {
    4000: 'the host is being restarted', 4001: 'the connection went silent', 4002: 'this connection was too slow',
    4003: 'the host is overloaded', 4004: 'no valid token came in time', 4005: 'another window took over',
    4500: 'an operator removed you', 4501: 'you are banned', 4502: 'you were inactive for too long',
    4503: 'the room was closed', 4504: 'the host did not understand this client', 4505: 'too many messages',
};

/**
 * Whether to come back after a connection ended with `code`: after 4000-4499 and every abnormal end, but not
 * after 4500-4999 or a protocol violation. 4005 stays away although its range says otherwise: the
 * device that took over would be replaced in turn, for ever.
 */
export function mayComeBack(code) {
    if (code >= 4500 && code <= 4999) {
        return false;
    }
    return ![CloseCode.Normal, 1002, 1003, 1007, 1009, CloseCode.Replaced].includes(code);
}

export function closeText(code) {
    return kTexts[code] ?? 'the connection was closed (' + code + ')';
}
