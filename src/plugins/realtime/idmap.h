// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <unordered_map>

namespace Rollcall::Realtime {

/// Not noexcept on purpose: libstdc++ then keeps the hash beside each element, and looking for one
/// does not read and hash the texts of its neighbours.
struct IdHash
{
    template <typename Id>
    size_t operator()(const Id &id) const
    {
        return qHash(id, 0);
    }
};

/// By text ids, for maps that are asked for every message.
template <typename Id, typename Value>
using IdMap = std::unordered_map<Id, Value, IdHash>;

} // namespace Rollcall::Realtime
