using Npgsql;
using NpgsqlTypes;
using Settlement.Ledger;

namespace Settlement.Peers.Sql;

/// <summary>An entry as parameters of a statement, one a column, numbered from 1 in the order of <see cref="Columns"/>.</summary>
internal static class EntryStatement
{
    /// <summary>The columns of an entry; the position is the table's own.</summary>
    public const string Columns =
        "recorded_at, pack_key, total, pooled, serious_illness, assistance_basic, assistance_tilt, assistance_outpatient, assistance_other, "
        + "person_pays, request_key, charge_key, region, effective_date, reverses, benefit_year, visit_type, kind, charge_generation, "
        + "person_id, origin, request_id, previous_hash, hash, event, answer, account_after, sequence";

    /// <summary>Number of the parameter that is the person.</summary>
    public const int Person = 20;

    /// <summary>Number of the parameter that is the hash.</summary>
    public const int Hash = 24;

    /// <summary>Number of the parameter that is the account after the entry.</summary>
    public const int Account = 27;

    /// <summary>Number of the last parameter, the sequence.</summary>
    public const int Sequence = 28;

    /// <summary>Inserts one entry.</summary>
    public static readonly string Insert = $"INSERT INTO peer.entry ({Columns}) VALUES ({Numbers(1, Sequence)})";

    /// <summary>Parameters as <c>$1, $2, …</c>.</summary>
    public static string Numbers(int first, int last) =>
        string.Join(", ", Enumerable.Range(first, last - first + 1).Select(static number => $"${number}"));

    /// <summary>Adds the entry's values, with the sequence as the last.</summary>
    public static void Add(NpgsqlParameterCollection parameters, LedgerEntry entry)
    {
        parameters.Add(new NpgsqlParameter<DateTime>
        {
            TypedValue = entry.RecordedAt.UtcDateTime,
            NpgsqlDbType = NpgsqlDbType.TimestampTz,
        });
        Value(parameters, entry.PackKey);
        Value(parameters, entry.Total);
        Value(parameters, entry.Pooled);
        Value(parameters, entry.SeriousIllness);
        Value(parameters, entry.AssistanceBasic);
        Value(parameters, entry.AssistanceTilt);
        Value(parameters, entry.AssistanceOutpatient);
        Value(parameters, entry.AssistanceOther);
        Value(parameters, entry.PersonPays);
        Value(parameters, entry.RequestKey.ToGuid());
        Value(parameters, entry.ChargeKey?.ToGuid());
        Value(parameters, entry.Region);
        Value(parameters, entry.EffectiveDate);
        Value(parameters, entry.Reverses);
        Value(parameters, (short)entry.BenefitYear);
        Value(parameters, entry.VisitType);
        Value(parameters, (short)entry.Kind);
        Value<short?>(parameters, entry.ChargeKey is null ? null : (short)entry.ChargeGeneration);
        Value(parameters, entry.PersonId);
        Value(parameters, entry.Origin);
        Value(parameters, entry.RequestId);
        Value(parameters, entry.PreviousHash.ToArray());
        Value(parameters, entry.Hash.ToArray());
        Value(parameters, entry.Event);
        Value(parameters, entry.Answer);
        Value(parameters, entry.AccountAfter);
        Value(parameters, entry.Sequence);
    }

    private static void Value<T>(NpgsqlParameterCollection parameters, T value) => parameters.Add(new NpgsqlParameter<T>
    {
        TypedValue = value,
    });
}
