// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/metrics.h"

#include <QTest>

using namespace Rollcall;

class tst_Metrics : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sameNameAndLabelsAreOneMetric()
    {
        Metrics metrics;
        metrics.counter("joins_total", "Joins.", {{"result", "ok"}}).Increment();
        metrics.counter("joins_total", "Joins.", {{"result", "ok"}}).Increment();
        metrics.counter("joins_total", "Joins.", {{"result", "full"}}).Increment();
        const QByteArray text = metrics.render();
        QVERIFY2(text.contains("joins_total{result=\"ok\"} 2\n"), text);
        QVERIFY2(text.contains("joins_total{result=\"full\"} 1\n"), text);
        QCOMPARE(text.count("# TYPE joins_total counter"), 1);
    }
    void collectorsRunBeforeEveryRender()
    {
        Metrics metrics;
        prometheus::Gauge &gauge = metrics.gauge("rooms", "Rooms.");
        double value = 0;
        metrics.addCollector([&] { gauge.Set(++value); });
        QVERIFY(metrics.render().contains("\nrooms 1\n"));
        QVERIFY(metrics.render().contains("\nrooms 2\n"));
    }
};

QTEST_GUILESS_MAIN(tst_Metrics)
#include "tst_metrics.moc"
