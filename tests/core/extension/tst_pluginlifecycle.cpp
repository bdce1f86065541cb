// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/configuration.h"
#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "core/extension/plugincontext.h"
#include "core/extension/pluginmanager.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

const QString kService = QStringLiteral("FixtureService");

} // namespace

/// Plugins whose code runs: the three phases, failures that stay contained, live loading, stopping.
class tst_PluginLifecycle : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_services = std::make_unique<ServiceRegistry>();
        m_context = std::make_unique<PluginContext>(*m_services, m_clock, m_metrics, NodeId("n.1"));
        m_manager = std::make_unique<PluginManager>(PluginOptions{});
        m_configuration = {};
    }
    void cleanup() { m_manager.reset(); }

    void phasesRunInTheirOrder()
    {
        start({"dependent-by-id", "dependent", "good"});
        QCOMPARE(journal(),
                 QStringList({"good initialize", "dependent initialize",
                              "dependent-by-id initialize", "dependent-by-id extensionsInitialized",
                              "dependent extensionsInitialized", "good extensionsInitialized"}));
        for (const PluginSpec *spec : m_manager->specs())
            QCOMPARE(spec->state(), PluginState::Running);
        QVERIFY(m_services->names().contains(kService));
    }

    void failureTakesOnlyDependantsAlong()
    {
        start({"failing", "needs-failing", "good"});
        QCOMPARE(spec("failing").state(), PluginState::Failed);
        QCOMPARE(spec("failing").reason(), QString("the kettle is empty"));
        QCOMPARE(spec("needs-failing").reason(),
                 QString("needs failing, which failed: the kettle is empty"));
        QCOMPARE(spec("good").state(), PluginState::Running);
        QCOMPARE(journal(), QStringList({"good initialize", "good extensionsInitialized"}));
        QCOMPARE(m_services->names(), QStringList("FixtureService"));
        QVERIFY(!spec("failing").plugin());
    }

    void exceptionIsThePluginsFailure_data()
    {
        QTest::addColumn<QString>("phase");
        QTest::newRow("initialize") << "initialize";
        QTest::newRow("extensionsInitialized") << "extensionsInitialized";
    }
    void exceptionIsThePluginsFailure()
    {
        QFETCH(QString, phase);
        m_services->setProperty("throwIn", phase);
        start({"throwing", "slow"});
        QCOMPARE(spec("throwing").reason(), phase + "() threw an exception: out of tea");
        QCOMPARE(spec("slow").state(), PluginState::Failed);
        QVERIFY(spec("slow").reason().startsWith("needs throwing, which failed"));
        QVERIFY(!m_services->names().contains(kService));
    }

    void brokenLibrariesFailAlone_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("reason");
        QTest::newRow("lacks a symbol") << "unresolved"
                                        << "definedNowhere";
        QTest::newRow("not a Plugin") << "noclass"
                                      << "its class NoPlugin is not a Rollcall::Plugin";
        QTest::newRow("publishes not what it says") << "liar"
                                                    << "did not publish LiarService";
    }
    void brokenLibrariesFailAlone()
    {
        QFETCH(QString, id);
        QFETCH(QString, reason);
        start({id, "good"});
        QCOMPARE(spec(id).state(), PluginState::Failed);
        QVERIFY2(spec(id).reason().contains(reason), qPrintable(spec(id).reason()));
        QCOMPARE(spec("good").state(), PluginState::Running);
    }

    void settingsOfRunningPluginsAreChecked()
    {
        m_configuration.loadText("[good]\nsize = 99\ncolour = 1\n[voice]\nport = 1\n", "a.toml");
        load({"good"});
        m_configuration.finish();
        QCOMPARE(m_configuration.errors(),
                 QStringList({"a.toml:2: good.size: must be from 0 to 10",
                              "a.toml:3: unknown setting 'good.colour'",
                              "a.toml:5: unknown setting 'voice.port'"}));
    }

    void settingsOfPluginsThatDoNotRunAreNotUnknown()
    {
        m_configuration.loadText("[good]\nsize = 3\n", "a.toml");
        PluginOptions options;
        options.disabled = {"good"};
        m_manager = std::make_unique<PluginManager>(options);
        load({"good"});
        m_configuration.finish();
        QCOMPARE(m_configuration.errors(), QStringList());
    }

    void changedSettingsReachRunningPlugins()
    {
        start({"failing", "good"});
        m_manager->applyConfiguration();
        QCOMPARE(journal().last(), QString("good applyConfiguration"));
    }

    void droppedInPluginRuns()
    {
        start({"good"});
        QSignalSpy started(m_manager.get(), &PluginManager::pluginStarted);
        Configuration configuration;
        m_manager->addLive(path("dependent"), PluginOrigin::DropIn, configuration);
        QCOMPARE(spec("dependent").state(), PluginState::Running);
        QCOMPARE(journal().mid(2),
                 QStringList({"dependent initialize", "dependent extensionsInitialized"}));
        QCOMPARE(started.size(), 1);
    }

    void droppedInPluginWaitsForWhatItNeeds()
    {
        start({});
        Configuration configuration;
        m_manager->addLive(path("dependent-by-id"), PluginOrigin::DropIn, configuration);
        m_manager->addLive(path("dependent"), PluginOrigin::DropIn, configuration);
        QCOMPARE(spec("dependent").state(), PluginState::Failed);
        m_manager->addLive(path("good"), PluginOrigin::DropIn, configuration);
        for (const PluginSpec *spec : m_manager->specs())
            QCOMPARE(spec->state(), PluginState::Running);
        QCOMPARE(journal().first(), QString("good initialize"));
    }

    void droppedInPluginWithWrongSettingsFailsAlone()
    {
        start({"slow"});
        Configuration configuration;
        configuration.loadText("[good]\nsize = 11\ncolour = 1\n[other]\na = 1\n", "b.toml");
        m_manager->addLive(path("good"), PluginOrigin::DropIn, configuration);
        QCOMPARE(spec("good").reason(),
                 QString("wrong settings: b.toml:2: good.size: must be from 0 to 10; b.toml:3: "
                         "unknown setting 'good.colour'"));
        QVERIFY(!m_services->names().contains(kService));
    }

    void runningProviderIsNotReplacedLive()
    {
        start({"good"});
        Configuration configuration;
        m_manager->addLive(path("rival"), PluginOrigin::DropIn, configuration);
        QCOMPARE(spec("rival").state(), PluginState::Superseded);
        QCOMPARE(spec("good").state(), PluginState::Running);
        m_manager->addLive(path("good"), PluginOrigin::DropIn, configuration);
        QCOMPARE(m_manager->specs().size(), size_t(2));
        QCOMPARE(spec("good").state(), PluginState::Running);
    }

    void fileThatWasBrokenIsReadAgain()
    {
        start({});
        QTemporaryDir folder;
        const QString target = folder.filePath("late.so");
        QFile broken(target);
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("half a library") > 0);
        broken.close();
        Configuration configuration;
        m_manager->addLive(target, PluginOrigin::DropIn, configuration);
        QCOMPARE(spec("late.so").state(), PluginState::Failed);
        QVERIFY(QFile::remove(target) && QFile::copy(path("good"), target));
        m_manager->addLive(target, PluginOrigin::DropIn, configuration);
        QCOMPARE(spec("good").state(), PluginState::Running);
        QCOMPARE(m_manager->specs().size(), size_t(1));
    }

    void dependantsStopBeforeWhatTheyNeed()
    {
        start({"good", "dependent", "slow"});
        QSignalSpy stopped(m_manager.get(), &PluginManager::stopped);
        m_manager->stop(m_clock, 10s);
        QCOMPARE(journal().mid(6),
                 QStringList({"slow aboutToShutdown", "dependent aboutToShutdown"}));
        QCOMPARE(spec("slow").state(), PluginState::Stopping);
        QVERIFY(stopped.isEmpty());
        Q_EMIT spec("slow").plugin()->shutdownFinished();
        QCOMPARE(journal().last(), QString("good aboutToShutdown"));
        QCOMPARE(stopped.size(), 1);
        QCOMPARE(stopped.first().first().toStringList(), QStringList());
        m_clock.advance(1min);
        QCOMPARE(stopped.size(), 1);
    }

    void deadlineLeavesTheSlowBehind()
    {
        start({"good", "slow"});
        QSignalSpy stopped(m_manager.get(), &PluginManager::stopped);
        m_manager->stop(m_clock, 10s);
        m_clock.advance(9999ms);
        QVERIFY(stopped.isEmpty());
        QVERIFY(!journal().contains("good aboutToShutdown"));
        m_clock.advance(1ms);
        QCOMPARE(stopped.size(), 1);
        QCOMPARE(stopped.first().first().toStringList(), QStringList("slow"));
        QVERIFY(journal().contains("good aboutToShutdown"));
        Q_EMIT spec("slow").plugin()->shutdownFinished();
        QCOMPARE(stopped.size(), 1);
    }

    void exceptionWhileStoppingStopsNobodyElse()
    {
        m_services->setProperty("throwIn", "aboutToShutdown");
        start({"throwing", "optional"});
        QSignalSpy stopped(m_manager.get(), &PluginManager::stopped);
        m_manager->stop(m_clock, 10s);
        QCOMPARE(stopped.size(), 1);
        QCOMPARE(spec("throwing").state(), PluginState::Stopped);
        QCOMPARE(journal().last(), QString("optional aboutToShutdown"));
    }

    void nothingToStopIsStoppedAtOnce()
    {
        start({"failing"});
        QSignalSpy stopped(m_manager.get(), &PluginManager::stopped);
        m_manager->stop(m_clock, 10s);
        QCOMPARE(stopped.size(), 1);
    }

private:
    static QString path(const QString &id)
    {
        return FIXTURES "/" + id + "/librollcall-" + id + ".so";
    }
    void load(const QStringList &ids)
    {
        for (const QString &id : ids)
            m_manager->addFile(path(id), PluginOrigin::BuiltIn);
        m_manager->resolve();
        m_manager->load();
        m_manager->configure(m_configuration);
    }
    void start(const QStringList &ids)
    {
        load(ids);
        m_manager->start(*m_context);
    }
    const PluginSpec &spec(const QString &id) const
    {
        for (const PluginSpec *spec : m_manager->specs()) {
            if (spec->id() == id)
                return *spec;
        }
        qFatal("no plugin %s", qPrintable(id));
    }
    QStringList journal() const { return m_services->property("journal").toStringList(); }

    ManualClock m_clock;
    Metrics m_metrics;
    Configuration m_configuration;
    std::unique_ptr<ServiceRegistry> m_services;
    std::unique_ptr<PluginContext> m_context;
    std::unique_ptr<PluginManager> m_manager;
};

QTEST_GUILESS_MAIN(tst_PluginLifecycle)
#include "tst_pluginlifecycle.moc"
