// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/configuration.h"

#include "core/base/settingtext_p.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace Rollcall {

namespace {

using Milliseconds = std::chrono::milliseconds;

/// `presence.voiceping.ttl` -> ROLLCALL_PRESENCE_VOICEPING_TTL, `limits.maxRooms` ->
/// ROLLCALL_LIMITS_MAX_ROOMS.
QString genericEnvironmentName(const QString &name)
{
    QString variable = QStringLiteral("ROLLCALL_");
    for (const QChar c : name) {
        if (c == QLatin1Char('.')) {
            variable += QLatin1Char('_');
            continue;
        }
        if (c.isUpper())
            variable += QLatin1Char('_');
        variable += c.toUpper();
    }
    return variable;
}

} // namespace

ConfigurationReader::Found
ConfigurationReader::find(const QString &key, const std::vector<EnvironmentName> &environment)
{
    const QString name = nameOf(key);
    Found found;
    // Every layer is marked as read, so that a shadowed key is still a known one.
    if (auto it = m_configuration.m_file.find(name); it != m_configuration.m_file.end()) {
        it->read = true;
        found = {true, it->json, {}, false, Milliseconds(0), it->source};
    }
    const QProcessEnvironment &variables = m_configuration.m_environment;
    const auto fromEnvironment = [&](const QString &variable, Milliseconds unit) {
        found = {true, {},   variables.value(variable),
                 true, unit, QStringLiteral("environment ") + variable};
    };
    // An empty variable counts as not set (as in `REDIS_PASSWORD=`). The first name wins.
    for (auto it = environment.rbegin(); it != environment.rend(); ++it) {
        const QString variable = QLatin1String(it->name);
        if (!variables.value(variable).isEmpty())
            fromEnvironment(variable, it->unit);
    }
    const QString generic = genericEnvironmentName(name);
    if (!variables.value(generic).isEmpty())
        fromEnvironment(generic, Milliseconds(0));
    if (auto it = m_configuration.m_commandLine.find(name);
        it != m_configuration.m_commandLine.end()) {
        it->read = true;
        found = {true, {}, it->json.toString(), true, Milliseconds(0), it->source};
    }
    return found;
}

void ConfigurationReader::record(const QString &key, const QString &type, const QString &value,
                                 const QString &fallback, const Found &found, OnReload onReload,
                                 const QString &help,
                                 const std::vector<EnvironmentName> &environment, bool secret)
{
    const QString name = nameOf(key);
    QStringList variables;
    for (const EnvironmentName &variable : environment)
        variables.append(QLatin1String(variable.name));
    variables.append(genericEnvironmentName(name));
    m_configuration.m_effective.insert(name, value.toUtf8());
    m_configuration.m_settings.insert(
        name,
        {name, type, secret && !value.isEmpty() ? QStringLiteral("********") : value, fallback,
         found.given ? found.source : QStringLiteral("default"), variables, help, onReload,
         secret});
}

void ConfigurationReader::fail(const Found &found, const QString &key, const QString &what)
{
    m_configuration.addError(QStringLiteral("%1: %2: %3").arg(found.source, nameOf(key), what));
}

void ConfigurationReader::addError(const QString &key, const QString &what)
{
    m_configuration.addError(QStringLiteral("%1: %2: %3").arg(source(key), nameOf(key), what));
}

QString ConfigurationReader::source(const QString &key) const
{
    return m_configuration.m_settings.value(nameOf(key)).source;
}

bool ConfigurationReader::isGiven(const QString &key) const
{
    const QString from = source(key);
    return !from.isEmpty() && from != QLatin1String("default");
}

Milliseconds ConfigurationReader::duration(const QString &key, const DurationSetting &setting)
{
    const Found found = find(key, setting.environment);
    Milliseconds value = setting.fallback;
    if (found.given) {
        const QString text = found.isTextual ? found.textual
            : found.json.isString()          ? found.json.toString()
                                             : QString();
        const auto parsed = parseDuration(text, found.unit);
        if (!parsed) {
            fail(found, key,
                 QStringLiteral(
                     "expected a duration with its unit, as \"250ms\", \"15s\" or \"6h\""));
        } else if (*parsed < setting.min || *parsed > setting.max) {
            fail(found, key,
                 QStringLiteral("must be from %1 to %2")
                     .arg(durationText(setting.min), durationText(setting.max)));
        } else {
            value = *parsed;
        }
        // Two variables for one setting must not disagree: PRESENCE_TTL_MS and PRESENCE_TTL.
        std::optional<Milliseconds> first;
        const EnvironmentName *firstName = nullptr;
        for (const EnvironmentName &variable : setting.environment) {
            const QString other = m_configuration.m_environment.value(QLatin1String(variable.name));
            const auto otherValue =
                other.isEmpty() ? std::nullopt : parseDuration(other, variable.unit);
            if (!otherValue)
                continue;
            if (first && *first != *otherValue) {
                m_configuration.addError(QStringLiteral("environment: %1 and %2 disagree (%3)")
                                             .arg(QLatin1String(firstName->name),
                                                  QLatin1String(variable.name), nameOf(key)));
            }
            first = first.value_or(*otherValue);
            firstName = firstName ? firstName : &variable;
        }
    }
    record(key, QStringLiteral("duration"), durationText(value), durationText(setting.fallback),
           found, setting.onReload, setting.help, setting.environment);
    return value;
}

qint64 ConfigurationReader::integer(const QString &key, const IntegerSetting &setting)
{
    const Found found = find(key, setting.environment);
    qint64 value = setting.fallback;
    if (found.given) {
        bool isInteger = false;
        qint64 parsed = 0;
        if (found.isTextual) {
            parsed = found.textual.toLongLong(&isInteger);
        } else if (found.json.isDouble()) {
            parsed = found.json.toInteger();
            isInteger = double(parsed) == found.json.toDouble();
        }
        if (!isInteger)
            fail(found, key, QStringLiteral("expected a whole number"));
        else if (parsed < setting.min || parsed > setting.max)
            fail(found, key,
                 QStringLiteral("must be from %1 to %2").arg(setting.min).arg(setting.max));
        else
            value = parsed;
    }
    record(key, QStringLiteral("integer"), QString::number(value),
           QString::number(setting.fallback), found, setting.onReload, setting.help,
           setting.environment);
    return value;
}

qint64 ConfigurationReader::bytes(const QString &key, const IntegerSetting &setting)
{
    const Found found = find(key, setting.environment);
    qint64 value = setting.fallback;
    if (found.given) {
        const QString text = found.isTextual ? found.textual
            : found.json.isDouble()          ? QString::number(found.json.toInteger())
                                             : found.json.toString();
        const auto parsed = parseBytes(text);
        if (!parsed)
            fail(found, key,
                 QStringLiteral("expected a size, as \"64MiB\", \"4KiB\" or a number of bytes"));
        else if (*parsed < setting.min || *parsed > setting.max)
            fail(found, key,
                 QStringLiteral("must be from %1 to %2 bytes").arg(setting.min).arg(setting.max));
        else
            value = *parsed;
    }
    record(key, QStringLiteral("bytes"), QString::number(value), QString::number(setting.fallback),
           found, setting.onReload, setting.help, setting.environment);
    return value;
}

double ConfigurationReader::number(const QString &key, const NumberSetting &setting)
{
    const Found found = find(key, setting.environment);
    double value = setting.fallback;
    if (found.given) {
        bool isNumber = found.json.isDouble();
        const double parsed =
            found.isTextual ? found.textual.toDouble(&isNumber) : found.json.toDouble();
        if (!isNumber || !std::isfinite(parsed))
            fail(found, key, QStringLiteral("expected a number"));
        else if (parsed < setting.min || parsed > setting.max)
            fail(found, key,
                 QStringLiteral("must be from %1 to %2").arg(setting.min).arg(setting.max));
        else
            value = parsed;
    }
    record(key, QStringLiteral("number"), QString::number(value), QString::number(setting.fallback),
           found, setting.onReload, setting.help, setting.environment);
    return value;
}

bool ConfigurationReader::boolean(const QString &key, const BooleanSetting &setting)
{
    const auto text = [](bool value) {
        return value ? QStringLiteral("true") : QStringLiteral("false");
    };
    const Found found = find(key, setting.environment);
    bool value = setting.fallback;
    if (found.given) {
        const auto parsed = found.isTextual ? parseBoolean(found.textual)
            : found.json.isBool()           ? std::optional(found.json.toBool())
                                            : std::nullopt;
        if (parsed)
            value = *parsed;
        else
            fail(found, key, QStringLiteral("expected true or false"));
    }
    record(key, QStringLiteral("boolean"), text(value), text(setting.fallback), found,
           setting.onReload, setting.help, setting.environment);
    return value;
}

QString ConfigurationReader::text(const QString &key, const TextSetting &setting)
{
    const Found found = find(key, setting.environment);
    QString value = setting.fallback;
    if (found.given) {
        const QString parsed = found.isTextual ? found.textual : found.json.toString();
        if (!found.isTextual && !found.json.isString())
            fail(found, key, QStringLiteral("expected a text in quotes"));
        else if (!setting.choices.isEmpty() && !setting.choices.contains(parsed))
            fail(found, key,
                 QStringLiteral("must be one of: %1")
                     .arg(setting.choices.join(QStringLiteral(", "))));
        else
            value = parsed;
    }
    record(key, QStringLiteral("text"), value, setting.fallback, found, setting.onReload,
           setting.help, setting.environment, setting.secret);
    return value;
}

QStringList ConfigurationReader::list(const QString &key, const ListSetting &setting)
{
    const Found found = find(key, setting.environment);
    QStringList value = setting.fallback;
    if (found.given && found.isTextual) {
        value.clear();
        for (const QString &item : found.textual.split(QLatin1Char(','), Qt::SkipEmptyParts))
            value.append(item.trimmed());
    } else if (found.given) {
        QStringList parsed;
        bool isList = found.json.isArray();
        for (const QJsonValue &item : found.json.toArray()) {
            isList = isList && item.isString();
            parsed.append(item.toString());
        }
        if (isList)
            value = parsed;
        else
            fail(found, key, QStringLiteral("expected a list of texts, as [\"a\", \"b\"]"));
    }
    const QString comma = QStringLiteral(", ");
    record(key, QStringLiteral("list"), value.join(comma), setting.fallback.join(comma), found,
           setting.onReload, setting.help, setting.environment);
    return value;
}

QMap<QString, QString> ConfigurationReader::map(const QString &key, OnReload onReload,
                                                const QString &help)
{
    const QString prefix = nameOf(key) + QLatin1Char('.');
    QMap<QString, QString> entries;
    Found found;
    for (auto *values : {&m_configuration.m_file, &m_configuration.m_commandLine}) {
        for (auto it = values->begin(); it != values->end(); ++it) {
            if (!it.key().startsWith(prefix))
                continue;
            it->read = true;
            found = {true, {}, {}, false, Milliseconds(0), it->source};
            if (it->json.isString())
                entries.insert(it.key().mid(prefix.size()), it->json.toString());
            else
                fail(found, it.key().mid(m_section.size() + 1),
                     QStringLiteral("expected a text in quotes"));
        }
    }
    QStringList shown;
    for (auto it = entries.cbegin(); it != entries.cend(); ++it)
        shown.append(it.key() + QLatin1Char('=') + it.value());
    record(key, QStringLiteral("map"), shown.join(QStringLiteral(", ")), {}, found, onReload, help,
           {});
    return entries;
}

QJsonArray ConfigurationReader::tables(const QString &key, OnReload onReload, const QString &help)
{
    const Found found = find(key, {});
    QJsonArray value;
    if (found.given) {
        const QJsonValue json = found.isTextual
            ? QJsonValue(QJsonDocument::fromJson(found.textual.toUtf8()).array())
            : found.json;
        bool isTables = json.isArray();
        for (const QJsonValue &item : json.toArray())
            isTables = isTables && item.isObject();
        if (isTables)
            value = json.toArray();
        else
            fail(found, key, QStringLiteral("expected tables, as [[%1]]").arg(nameOf(key)));
    }
    record(key, QStringLiteral("tables"),
           QString::fromUtf8(QJsonDocument(value).toJson(QJsonDocument::Compact)),
           QStringLiteral("[]"), found, onReload, help, {});
    return value;
}

} // namespace Rollcall
