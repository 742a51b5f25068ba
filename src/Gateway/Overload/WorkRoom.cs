using System.Collections.Concurrent;
using Settlement.Identity;

namespace Settlement.Gateway.Overload;

/// <summary>
/// The room for operations in work, shared by all callers. Four fifths of it are for whoever comes. The last fifth is for those who have less in
/// work than their share: four fifths divided by the number of facilities that have anything in work now. So one facility alone uses four
/// fifths; many that ask for too much end up with equal parts, because who holds more than its share gets nothing while others come back for
/// theirs; and who asks for little finds a place at once. Nothing needs to be configured for a facility.
/// </summary>
public sealed class WorkRoom
{
    private readonly ConcurrentDictionary<string, FacilityLane> lanes = new(StringComparer.Ordinal);
    private readonly OverloadOptions options;
    private readonly TimeProvider time;
    private readonly int forAll;
    private int inWork;
    private int active;

    /// <summary>Makes the room.</summary>
    public WorkRoom(OverloadOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        Capacity = options.EffectiveMaxInWork;
        forAll = Math.Max(1, (int)(Capacity * 4L / 5));
    }

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
        if (before < forAll || (before < Capacity && ownBefore < Math.Max(1, forAll / Math.Max(1, Volatile.Read(ref active))))) return true;
        GiveBack();
        return false;
    }

    /// <summary>Gives a place back.</summary>
    internal void GiveBack() => Interlocked.Decrement(ref inWork);
}
