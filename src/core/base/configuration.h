// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/base/result.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonValue>
#include <QMap>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <chrono>
#include <vector>

namespace Rollcall {

/// Whether a changed setting takes effect on SIGHUP.
enum class OnReload { Applied, NeedsRestart };

/// An environment variable that sets a setting besides ROLLCALL_<SECTION>_<KEY>, and the unit of a
/// bare number.
struct EnvironmentName
{
    const char *name;
    std::chrono::milliseconds unit{1}; ///< of durations only
};

/// One setting as it is: for docs, `--check-config`, the admin API and reload.
struct Setting
{
    QString name; ///< "presence.ttl"
    QString type; ///< "duration", "integer", "number", "boolean", "text", "list", "bytes",
                  ///< "tables", "map"
    QString value; ///< effective; secrets are masked
    QString fallback; ///< the default, as it would be written
    QString
        source; ///< "default", "rollcall.toml:12", "environment PRESENCE_TTL", "--set presence.ttl"
    QStringList environment; ///< every name that sets it
    QString help;
    OnReload onReload = OnReload::NeedsRestart;
    bool secret = false;
};

/// All settings of a host: TOML file < environment < command line, every problem collected with its
/// place.
///
/// Fill it with loadFile(), setEnvironment() and set(), then let each owner read its keys through a
/// ConfigurationReader. Keys that nobody read are unknown and become errors in finish().
class ROLLCALL_BASE_EXPORT Configuration
{
public:
    /// Problems (no such file, not TOML) are collected.
    void loadFile(const QString &path);
    /// For tests and embedded defaults; `name` stands for the file in messages.
    void loadText(const QByteArray &toml, const QString &name);
    void setEnvironment(const QProcessEnvironment &environment);
    /// `section.key=value` from the command line; wins over everything.
    void set(const QString &assignment);

    /// The section belongs to somebody who is not there to read it (a plugin that is switched off
    /// or failed).
    void ignoreSection(const QString &section);
    /// Adds an error for every key of the file or the command line that no reader asked for: of all
    /// sections, or of these only.
    void finish(const QStringList &sections = {});

    void addError(const QString &error) { m_errors.append(error); }
    /// Each names the setting and the file with its line, the variable or the option.
    const QStringList &errors() const { return m_errors; }
    /// Settings read so far, by name.
    const QMap<QString, Setting> &settings() const { return m_settings; }
    /// Names whose effective values differ between two configurations that read the same keys.
    static QStringList differences(const Configuration &before, const Configuration &after);

private:
    friend class ConfigurationReader;
    struct Value
    {
        QJsonValue json;
        QString source;
        bool textual =
            false; ///< from the environment or the command line: parsed by the setting's type
        bool read = false;
    };
    void insert(const QString &name, Value value);

    QHash<QString, Value> m_file;
    QHash<QString, Value> m_commandLine;
    QHash<QString, QString> m_tableSources; // tables and arrays of tables: where they begin
    QProcessEnvironment m_environment;
    QMap<QString, Setting> m_settings;
    QMap<QString, QByteArray> m_effective; // unmasked, for differences()
    QStringList m_errors;
};

/// Reads the keys of one section. Every problem is collected in the Configuration; the default is
/// returned instead.
class ROLLCALL_BASE_EXPORT ConfigurationReader
{
public:
    using Milliseconds = std::chrono::milliseconds;

    ConfigurationReader(Configuration &configuration, const QString &section)
        : m_configuration(configuration)
        , m_section(section)
    { }

    struct DurationSetting
    {
        Milliseconds fallback{0};
        Milliseconds min{0};
        Milliseconds max{std::chrono::hours(24 * 3650)};
        OnReload onReload = OnReload::NeedsRestart;
        QString help = {};
        std::vector<EnvironmentName> environment = {};
    };
    struct IntegerSetting
    {
        qint64 fallback = 0;
        qint64 min = 0;
        qint64 max = std::numeric_limits<qint64>::max();
        OnReload onReload = OnReload::NeedsRestart;
        QString help = {};
        std::vector<EnvironmentName> environment = {};
    };
    struct NumberSetting
    {
        double fallback = 0;
        double min = 0;
        double max = 1e300;
        OnReload onReload = OnReload::NeedsRestart;
        QString help = {};
        std::vector<EnvironmentName> environment = {};
    };
    struct BooleanSetting
    {
        bool fallback = false;
        OnReload onReload = OnReload::NeedsRestart;
        QString help = {};
        std::vector<EnvironmentName> environment = {};
    };
    struct TextSetting
    {
        QString fallback = {};
        QStringList choices = {}; ///< empty: anything
        OnReload onReload = OnReload::NeedsRestart;
        QString help = {};
        std::vector<EnvironmentName> environment = {};
        bool secret = false;
    };
    struct ListSetting
    {
        QStringList fallback = {};
        OnReload onReload = OnReload::NeedsRestart;
        QString help = {};
        std::vector<EnvironmentName> environment = {};
    };

    /// "250ms", "15s", "5m", "6h", "30d"; a bare number is refused except from an EnvironmentName
    /// with a unit.
    Milliseconds duration(const QString &key, const DurationSetting &setting);
    qint64 integer(const QString &key, const IntegerSetting &setting);
    /// "64MiB", "4KiB", "512B" or a bare number of bytes.
    qint64 bytes(const QString &key, const IntegerSetting &setting);
    double number(const QString &key, const NumberSetting &setting);
    /// true / false; from text also 1, 0, yes, no, on, off.
    bool boolean(const QString &key, const BooleanSetting &setting);
    QString text(const QString &key, const TextSetting &setting);
    /// An array of strings; from text separated by commas.
    QStringList list(const QString &key, const ListSetting &setting);
    /// `[section.key]` with string values: names to texts. Also set by `--set
    /// section.key.name=value`.
    QMap<QString, QString> map(const QString &key, OnReload onReload, const QString &help);
    /// `[[section.key]]`: an array of tables, each a JSON object.
    QJsonArray tables(const QString &key, OnReload onReload, const QString &help);

    QString section() const { return m_section; }
    /// Was the setting given at all (not the default)?
    bool isGiven(const QString &key) const;
    /// Reports a problem of a setting that only its owner can see (two that do not fit together).
    void addError(const QString &key, const QString &what);
    /// Where the setting came from, as in messages.
    QString source(const QString &key) const;

private:
    struct Found
    {
        bool given = false;
        QJsonValue json;
        QString textual; ///< if isTextual
        bool isTextual = false;
        Milliseconds unit{0}; ///< of a bare number; 0: none
        QString source;
    };
    QString nameOf(const QString &key) const { return m_section + QLatin1Char('.') + key; }
    Found find(const QString &key, const std::vector<EnvironmentName> &environment);
    void record(const QString &key, const QString &type, const QString &value,
                const QString &fallback, const Found &found, OnReload onReload, const QString &help,
                const std::vector<EnvironmentName> &environment, bool secret = false);
    void fail(const Found &found, const QString &key, const QString &what);

    Configuration &m_configuration;
    QString m_section;
};

/// "15s", "250ms", "6h": the shortest exact form.
ROLLCALL_BASE_EXPORT QString durationText(std::chrono::milliseconds duration);

} // namespace Rollcall
