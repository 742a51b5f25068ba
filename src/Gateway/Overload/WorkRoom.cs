using System.Collections.Concurrent;
using Settlement.Identity;

namespace Settlement.Gateway.Overload;

/// <summary>
/// The room for operations in work, shared by all callers. Half of the places are for whoever comes: one facility alone uses all of
/// them, and they are what a call waits for when too much is asked. The others are for who has less in work than its share, which is
/// six tenths of the room divided by the number of facilities that have anything in work now. The shares together are more than the
/// first half, so many that ask for too much end up with equal parts, however unequal their greed. What a hot one cannot take is there
/// for what calm ones send while the server ends nothing, as in a long commit. The last tenth is for those who have less than a quarter
/// of their share: one who asks for little, or comes new, finds a place at once. Nothing needs to be configured for a facility.
/// </summary>
public sealed class WorkRoom
{
    private const int NewcomersPart = 4;

    private readonly ConcurrentDictionary<string, FacilityLane> lanes = new(StringComparer.Ordinal);
    private readonly OverloadOptions options;
    private readonly TimeProvider time;
    private readonly int forAll;
    private readonly int inShares;
    private readonly int forShares;
    private int inWork;
    private int active;

    /// <summary>Makes the room.</summary>
    public WorkRoom(OverloadOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        Capacity = options.EffectiveMaxInWork;
        forAll = Math.Max(1, Capacity / 2);
        inShares = Math.Max(1, (int)(Capacity * 6L / 10));
        forShares = Math.Max(1, (int)(Capacity * 9L / 10));
        Strangers = new Storm(static () => 0, time);
    }

    /// <summary>What is refused to those whom nobody knows, all together: they have no place here.</summary>
    public Storm Strangers { get; }

    /// <summary>Most operations in work at once.</summary>
    public int Capacity { get; }

    /// <summary>Operations in work now.</summary>
    public int InWork => Volatile.Read(ref inWork);

    /// <summary>
    /// The lane of a facility, one for all its keys, or of the agency. There are as many as holders of keys: a name from a request is never
    /// one.
    /// </summary>
    public FacilityLane LaneOf(RegisteredFacility? facility)
    {
        FacilityLane lane = lanes.GetOrAdd(facility?.Code ?? Origins.Agency, static (_, room) => new FacilityLane(room, room.time), this);
        lane.Rate = facility is null ? 0 : facility.RequestsPerSecond ?? options.FacilityRequestsPerSecond;
        return lane;
    }

    /// <summary>A facility begins to have something in work, or to ask for it.</summary>
    internal void Enters() => Interlocked.Increment(ref active);

    /// <summary>A facility has nothing in work any more.</summary>
    internal void IsGone() => Interlocked.Decrement(ref active);

    /// <summary>Takes a place for a facility that had so many before.</summary>
    internal bool TryTake(int ownBefore)
    {
        int before = Interlocked.Increment(ref inWork) - 1;
        if (before < forAll || (before < Capacity && IsBelowShare(before, ownBefore, Volatile.Read(ref active)))) return true;
        GiveBack();
        return false;
    }

    /// <summary>How many more places a facility that has so many would get now; those for newcomers aside.</summary>
    internal int PlacesFor(int own)
    {
        int before = InWork;
        int facilities = Volatile.Read(ref active);
        int ofShare = facilities > 1 ? Math.Min(forShares - before, inShares / facilities - own) : 0;
        return Math.Max(0, Math.Max(forAll - before, ofShare));
    }

    private bool IsBelowShare(int before, int ownBefore, int facilities) =>
        facilities > 1 && ownBefore < Math.Max(1, inShares / facilities / (before < forShares ? 1 : NewcomersPart));

    /// <summary>Gives a place back.</summary>
    internal void GiveBack() => Interlocked.Decrement(ref inWork);
}
