// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "enginenode.h"
#include "redisfixture.h"

namespace Rollcall::Presence {

/// What tests of whole engines begin with: each gets a Redis of its own.
class EngineFixture : protected RedisFixture
{
protected:
    void reset()
    {
        m_config = {};
        m_redis = std::make_unique<TestRedis>();
    }
    std::unique_ptr<EngineNode> makeNode(const QByteArray &name)
    {
        auto node = std::make_unique<EngineNode>(*m_redis, m_clock, name, m_config);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(node->engine.isFresh(), 5000); }();
        return node;
    }
};

} // namespace Rollcall::Presence
