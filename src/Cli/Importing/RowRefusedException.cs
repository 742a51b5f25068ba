using Settlement.Refusals;
using Settlement.Terms;

namespace Settlement.Cli.Importing;

/// <summary>Why a row was not recorded.</summary>
/// <param name="Code">Code of docs/refusals.md; the status' name where the server gave none.</param>
/// <param name="Field">The column; the server's name of the field where no column is it; empty where no field is named.</param>
/// <param name="Message">The sentence in both languages, personal values masked.</param>
internal sealed record RowFault(string Code, string Field, Term Message);

/// <summary>A row that cannot be sent as it is.</summary>
internal sealed class RowRefusedException(RowFault fault) : Exception(fault.Message.En)
{
    /// <summary>What is wrong with it.</summary>
    public RowFault Fault { get; } = fault;

    /// <summary>A value that breaks a rule.</summary>
    /// <param name="column">Where it stands.</param>
    /// <param name="value">The value, masked if personal.</param>
    /// <param name="rule">What is expected.</param>
    public static RowRefusedException Invalid(ImportColumn column, string value, Term rule) => new(new RowFault(
        RefusalCodes.InvalidField,
        column.Name,
        new Term($"{column.Name} 的值“{value}”无效：{rule.Zh}。", $"{column.Name} is '{value}': expected {rule.En}.")));

    /// <summary>A cell that must not be empty.</summary>
    public static RowRefusedException Missing(ImportColumn column) => new(new RowFault(
        RefusalCodes.InvalidField, column.Name, new Term($"缺少 {column.Name}（{column.Titles[0]}）。", $"{column.Name} is missing.")));
}
