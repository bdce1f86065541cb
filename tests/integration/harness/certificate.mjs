// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';

/// A self-signed certificate for 127.0.0.1, made by openssl: the host's settings, and what its clients trust.
export async function selfSigned(folder) {
    const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.pem')];
    await promisify(execFile)('openssl', ['req', '-x509', '-nodes', '-days', '2', '-newkey', 'ec',
        '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1',
        '-keyout', key, '-out', certificate]);
    return {
        settings: { 'edge.tls.certificate': certificate, 'edge.tls.key': key },
        ca: readFileSync(certificate),
    };
}

/// As fetch() does it, for a host with a certificate of its own: {status, headers, text()}.
export function fetchTrusting(ca, url, { method = 'GET', headers = {}, body, signal } = {}) {
    return new Promise((resolve, reject) => {
        const asked = request(url, { method, headers, ca, signal }, answer => {
            const chunks = [];
            answer.on('data', chunk => chunks.push(chunk));
            answer.on('end', () => resolve({
                status: answer.statusCode, headers: new Headers(answer.headers),
                text: async () => Buffer.concat(chunks).toString(),
            }));
        });
        asked.on('error', reject);
        asked.end(body);
    });
}
