// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/export.h"
#include "core/services/httpservice.h"

#include <QHash>
#include <QHostAddress>

#include <optional>

namespace Rollcall {

/// How often each address may do something: a token bucket per address, made when it first comes
/// and forgotten once it is full again.
///
/// What one address is, Admission::key() says. The null address (nobody knows who it is) has no
/// bucket and is never refused. Neither are addresses beyond the first kMaxAddresses that are not
/// full: memory is bounded, and who has that many is not stopped by this.
class ROLLCALL_CORE_EXPORT AddressRates
{
public:
    static constexpr qsizetype kMaxAddresses = 100'000;

    explicit AddressRates(Clock &clock);

    void setRate(const HttpRate &rate) { m_rate = rate; }
    /// Takes a token; or says how long it takes until there is one.
    std::optional<std::chrono::milliseconds> take(const QHostAddress &address);
    qsizetype addresses() const { return m_buckets.size(); }

private:
    struct Bucket
    {
        double tokens;
        Clock::SteadyTime at;
    };

    void refill(Bucket &bucket, Clock::SteadyTime now) const;
    void forgetFull(Clock::SteadyTime now);

    Clock &m_clock;
    HttpRate m_rate;
    QHash<QHostAddress, Bucket> m_buckets;
    qsizetype m_tidyAt = 1024; ///< when there are so many, those that are full go ...
    Clock::SteadyTime m_tidyAfter{}; ///< ... but not before: it is a walk through all of them
};

} // namespace Rollcall
