using Orleans;

namespace Settlement.Identity;

/// <summary>
/// What binds the one who settles, beside the benefit rules. The person's grain holds to it, because only there a repeat is known as one.
/// </summary>
/// <param name="IsFacility">Whether a facility asks by its own key: then no discharge ahead of today is settled.</param>
/// <param name="ContractFrom">First day of the facility's contract; null where none is recorded.</param>
/// <param name="ContractTo">Last day of the contract; null: goes on.</param>
[GenerateSerializer, Immutable, Alias("settlement.settler-terms")]
public sealed record SettlerTerms(
    [property: Id(0)] bool IsFacility, [property: Id(1)] DateOnly? ContractFrom, [property: Id(2)] DateOnly? ContractTo)
{
    /// <summary>The agency: bound by the rules alone.</summary>
    public static SettlerTerms Agency { get; } = new(false, null, null);

    /// <summary>Whether the contract, where one is recorded, holds on a day.</summary>
    public bool ContractHolds(DateOnly day) => ContractFrom is not { } from || (from <= day && (ContractTo is not { } to || day <= to));
}
