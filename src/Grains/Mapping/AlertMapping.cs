using System.Collections.Immutable;
using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>Alerts on the yearly burden, as the contract shows them.</summary>
internal static class AlertMapping
{
    /// <summary>What an entry raised or withdrew.</summary>
    public static IReadOnlyList<Wire.Alert> Changes(Account before, Account after)
    {
        ImmutableArray<AlertChange> changes = Alerts.Between(before, after);
        return changes.IsEmpty ? [] : [.. changes.Select(ToWire)];
    }

    /// <summary>What stands in an account, the newest year first.</summary>
    public static IEnumerable<Wire.Alert> Standing(Account account) =>
        Alerts.Standing(account).OrderByDescending(alert => alert.Year).Select(alert => ToWire(alert, Wire.Alert.Types.State.Standing));

    /// <summary>What a change did to the alert.</summary>
    public static Wire.Alert.Types.State StateOf(AlertChange change) =>
        change.Raised ? Wire.Alert.Types.State.Raised : Wire.Alert.Types.State.Withdrawn;

    /// <summary>Which alert it is.</summary>
    public static Wire.Alert.Types.Kind KindOf(AlertChange alert) => alert.Kind == AlertKind.RelapseIntoPoverty
        ? Wire.Alert.Types.Kind.RelapseIntoPoverty
        : Wire.Alert.Types.Kind.PovertyByIllness;

    private static Wire.Alert ToWire(AlertChange change) => ToWire(change, StateOf(change));

    private static Wire.Alert ToWire(AlertChange alert, Wire.Alert.Types.State state) => new()
    {
        Kind = KindOf(alert),
        State = state,
        BenefitYear = alert.Year,
        Burden = alert.Burden,
    };
}
