// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "plugins/presence/memorypresencestore.h"
#include "presencestorecontract.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Presence;

class tst_MemoryPresenceStore : public PresenceStoreContract
{
    Q_OBJECT
private:
    std::unique_ptr<Node> makeNode(const QByteArray &id) override
    {
        auto node = std::make_unique<Node>(NodeId(id), m_clock);
        node->store = std::make_unique<MemoryPresenceStore>(node->id, &*m_exchange);
        listen(*node);
        node->store->start(node->held);
        return node;
    }

    ManualClock m_clock;
    std::optional<MemoryExchange> m_exchange;

private Q_SLOTS:
    void init() { m_exchange.emplace(); }
};

QTEST_GUILESS_MAIN(tst_MemoryPresenceStore)
#include "tst_memorypresencestore.moc"
