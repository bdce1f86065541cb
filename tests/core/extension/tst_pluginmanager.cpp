// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginmanager.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Rollcall;

/// What is decided from metadata alone: no code of a plugin runs here.
class tst_PluginManager : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_manager = std::make_unique<PluginManager>(options()); }
    void cleanup() { m_manager.reset(); }

    void dependantsComeAfterWhatTheyNeed()
    {
        add({"dependent-by-id", "dependent", "good"});
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList({"good", "dependent", "dependent-by-id"}));
        QVERIFY(!m_manager->order().front()->plugin());
    }

    void pluginsThatCannotRunSayWhy_data()
    {
        QTest::addColumn<QStringList>("ids");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("reason");
        QTest::newRow("provider too old")
            << QStringList{"good", "too-new"} << "too-new"
            << "needs FixtureService 1.3.0, good has 1.2.0 (compatible down to 1.0.0)";
        QTest::newRow("provider too new")
            << QStringList{"good", "too-old"} << "too-old"
            << "needs good 0.9.0, good has 1.2.0 (compatible down to 1.0.0)";
        QTest::newRow("missing") << QStringList{"missing"} << "missing"
                                 << "needs NowhereService 3.0.0, which nobody provides";
        QTest::newRow("cycle") << QStringList{"cycle-a", "cycle-b"} << "cycle-b"
                               << "dependency cycle: cycle-a -> cycle-b -> cycle-a";
        QTest::newRow("needs a cycle")
            << QStringList{"cycle-a", "cycle-b", "on-cycle"} << "on-cycle"
            << "needs cycle-b, but cycle-b is failed: dependency cycle: cycle-a -> cycle-b -> "
               "cycle-a";
        QTest::newRow("wrong interface")
            << QStringList{"wrongiid"} << "librollcall-wrongiid.so"
            << "made for the interface \"org.example.Plugin/1\", this host has "
               "\"org.rollcall.Plugin/1\"";
    }
    void pluginsThatCannotRunSayWhy()
    {
        QFETCH(QStringList, ids);
        add(ids);
        m_manager->resolve();
        QFETCH(QString, id);
        QCOMPARE(spec(id).state(), PluginState::Failed);
        QTEST(spec(id).reason(), "reason");
        QVERIFY(!orderedIds().contains(id));
    }

    void everyProblemOfMetaDataIsNamed()
    {
        add({"badmetadata"});
        const QString reason = spec("librollcall-badmetadata.so").reason();
        for (const char *part : {"wrong metadata", "Not An Id", "\"one\"", "Description",
                                 "Descripton", "Type must be"})
            QVERIFY2(reason.contains(QLatin1String(part)), qPrintable(reason));
    }

    void cycleLeavesOthersAlone()
    {
        add({"cycle-a", "cycle-b", "on-cycle", "good", "dependent"});
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList({"good", "dependent"}));
    }

    void absentOptionalDependencyIsDoneWithout()
    {
        add({"optional"});
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList("optional"));
    }

    void presentOptionalDependencyComesFirst()
    {
        add({"optional", "good", "dependent"});
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList({"good", "dependent", "optional"}));
    }

    void hostServicesCountAsProvided()
    {
        add({"host-user"});
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList("host-user"));

        PluginOptions old = options();
        old.hostVersion = QVersionNumber(0, 9);
        m_manager = std::make_unique<PluginManager>(old);
        add({"host-user"});
        m_manager->resolve();
        QCOMPARE(spec("host-user").reason(), QString("needs HostService 1.0.0, the host has 0.9"));
    }

    void whatTheHostProvidesIsNotReplaced()
    {
        PluginOptions changed = options();
        changed.hostServices.append("FixtureService");
        m_manager = std::make_unique<PluginManager>(changed);
        add({"good", "slow"});
        m_manager->resolve();
        QCOMPARE(spec("good").reason(),
                 QString("provides FixtureService, which the host itself provides"));
        QCOMPARE(orderedIds(), QStringList("slow"));
    }

    void disabledPluginIsMissingToOthers()
    {
        PluginOptions changed = options();
        changed.disabled = {"good", "unheard-of"};
        m_manager = std::make_unique<PluginManager>(changed);
        add({"good", "dependent", "dependent-by-id"});
        m_manager->resolve();
        QCOMPARE(spec("good").state(), PluginState::Disabled);
        QCOMPARE(
            spec("dependent").reason(),
            QString(
                "needs FixtureService 1.1.0, but good is disabled: disabled by plugins.disabled"));
        QCOMPARE(spec("dependent-by-id").state(), PluginState::Failed);
        QCOMPARE(orderedIds(), QStringList());
    }

    void twoProvidersWithoutADecisionBothFail()
    {
        add({"good", "rival", "dependent"});
        m_manager->resolve();
        for (const char *id : {"good", "rival"}) {
            QCOMPARE(spec(id).state(), PluginState::Failed);
            QVERIFY(spec(id).reason().startsWith("FixtureService is there more than once"));
            QVERIFY(spec(id).reason().endsWith("plugins.provider.FixtureService decides"));
        }
        QCOMPARE(spec("dependent").state(), PluginState::Failed);
    }

    void settingDecidesBetweenProviders()
    {
        PluginOptions changed = options();
        changed.providers = {{"FixtureService", "rival"}};
        m_manager = std::make_unique<PluginManager>(changed);
        add({"good", "rival", "slow"});
        QCOMPARE(m_manager->resolve(), QStringList());
        QCOMPARE(spec("good").state(), PluginState::Superseded);
        QCOMPARE(orderedIds(), QStringList({"rival", "slow"}));
    }

    void settingThatNamesNoProviderIsAProblem()
    {
        PluginOptions changed = options();
        changed.providers = {{"FixtureService", "dependent"}, {"TeaService", "good"}};
        m_manager = std::make_unique<PluginManager>(changed);
        add({"good", "dependent"});
        QCOMPARE(
            m_manager->resolve(),
            QStringList({"plugins.provider.FixtureService: no plugin \"dependent\" provides it",
                         "plugins.provider.TeaService: no plugin \"good\" provides it"}));
    }

    void dropInReplacesBuiltIn()
    {
        add({"good"}, PluginOrigin::BuiltIn);
        add({"rival"}, PluginOrigin::DropIn);
        m_manager->resolve();
        QCOMPARE(spec("good").state(), PluginState::Superseded);
        QVERIFY(spec("good").reason().contains("replaces the built-in one"));
        QCOMPARE(orderedIds(), QStringList("rival"));
    }

    void sameIdTwiceFailsBothUnlessOneIsBuiltIn()
    {
        QTemporaryDir folder;
        const QString copy = folder.filePath("copy.so");
        QVERIFY(QFile::copy(path("good"), copy));
        add({"good"}, PluginOrigin::Path);
        m_manager->addFile(copy, PluginOrigin::Path);
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList());

        m_manager = std::make_unique<PluginManager>(options());
        add({"good"}, PluginOrigin::BuiltIn);
        m_manager->addFile(copy, PluginOrigin::DropIn);
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList("good"));
        QCOMPARE(m_manager->order().front()->path(), QFileInfo(copy).canonicalFilePath());
    }

    void sameFileOverTwoPathsCountsOnce()
    {
        QTemporaryDir folder;
        const QString link = folder.filePath("link.so");
        QVERIFY(QFile::link(path("good"), link));
        add({"good"});
        m_manager->addFile(link, PluginOrigin::Path);
        m_manager->resolve();
        QCOMPARE(m_manager->specs().size(), size_t(1));
        QCOMPARE(orderedIds(), QStringList("good"));
    }

    void folderIsSearchedForLibrariesOnly()
    {
        QTemporaryDir folder;
        QVERIFY(QFile::copy(path("good"), folder.filePath("good.so")));
        QVERIFY(QFile::copy(path("good"), folder.filePath("good.so.old")));
        QFile text(folder.filePath("readme.so"));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write("not a library") > 0);
        text.close();
        QVERIFY(m_manager->addFolder(folder.path(), PluginOrigin::Path));
        QVERIFY(!m_manager->addFolder(folder.filePath("nowhere"), PluginOrigin::Path));
        QSignalSpy failed(m_manager.get(), &PluginManager::pluginFailed);
        m_manager->resolve();
        QCOMPARE(orderedIds(), QStringList("good"));
        QCOMPARE(m_manager->specs().size(), size_t(2));
        QCOMPARE(failed.size(), 1);
        QCOMPARE(spec("readme.so").reason(), QString("not a plugin: not an ELF library"));
    }

private:
    static PluginOptions options()
    {
        return {.disabled = {},
                .providers = {},
                .hostServices = {"HostService"},
                .hostVersion = QVersionNumber(1, 0, 0)};
    }
    static QString path(const QString &id)
    {
        return FIXTURES "/" + id + "/librollcall-" + id + ".so";
    }
    void add(const QStringList &ids, PluginOrigin origin = PluginOrigin::BuiltIn)
    {
        for (const QString &id : ids)
            QVERIFY(m_manager->addFile(path(id), origin));
    }
    const PluginSpec &spec(const QString &id) const
    {
        for (const PluginSpec *spec : m_manager->specs()) {
            if (spec->id() == id)
                return *spec;
        }
        qFatal("no plugin %s", qPrintable(id));
    }
    QStringList orderedIds() const
    {
        QStringList ids;
        for (const PluginSpec *spec : m_manager->order())
            ids.append(spec->id());
        return ids;
    }

    std::unique_ptr<PluginManager> m_manager;
};

QTEST_GUILESS_MAIN(tst_PluginManager)
#include "tst_pluginmanager.moc"
