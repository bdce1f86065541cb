// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

namespace Rollcall {
class RedisBatch;
}

namespace Rollcall::Presence {

/// Writes what a seat has of its own, in plain commands. Short-lived: the parts that all seats
/// share are put together once.
class SeatCommands
{
public:
    // The replies for each seat, in order; in the lean profile there is only the first.
    enum Reply : size_t { UserFields, Json, MetaFields };
    static constexpr qint64 kMetaFields = 4; // the answer if there was no hash

    explicit SeatCommands(const StoreContext &context);

    size_t repliesPerSeat() const { return m_isLean ? UserFields + 1 : MetaFields + 1; }
    /// `latest`: the seat that the user took last, in any room. `name`: of the member in sets. The
    /// user's key gets no deadline.
    void write(RedisBatch &batch, const SeatRecord &seat, const SeatRecord &latest,
               QByteArrayView name) const;
    /// PEXPIREAT with this option, in Redis' time.
    void writeLife(RedisBatch &batch, QByteArrayView name, qint64 deadline,
                   QByteArrayView option) const;

private:
    const StoreContext &m_context;
    bool m_isLean;
    QByteArray m_users;
    QByteArray m_metas;
    QByteArray m_life;
};

} // namespace Rollcall::Presence
