// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/randomsecret.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <sys/random.h>

namespace Rollcall {

namespace {

void fill(std::span<char> random)
{
    // Not Qt's system generator: it asks the processor for each number, which takes microseconds.
    for (size_t filled = 0; filled < random.size();) {
        const ssize_t count = ::getrandom(random.data() + filled, random.size() - filled, 0);
        if (count < 0 && errno != EINTR)
            qFatal("there are no random numbers: %s", std::strerror(errno));
        filled += size_t(std::max<ssize_t>(count, 0));
    }
}

/// Random bytes that nobody else gets: from a store that is filled with one system call.
void take(std::span<char> random)
{
    thread_local std::array<char, 2048> store;
    thread_local size_t left = 0;
    if (random.size() > left) {
        fill(store);
        left = store.size();
    }
    left -= random.size();
    std::memcpy(random.data(), store.data() + left, random.size());
    std::memset(store.data() + left, 0, random.size());
}

QByteArray textOf(const QByteArray &random)
{
    return random.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

QByteArray randomSecret()
{
    QByteArray random(32, Qt::Uninitialized);
    fill({random.data(), size_t(random.size())});
    return textOf(random);
}

QByteArray randomId(int bytes)
{
    QByteArray random(bytes, Qt::Uninitialized);
    take({random.data(), size_t(random.size())});
    return textOf(random);
}

} // namespace Rollcall
