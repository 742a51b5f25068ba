using System.Globalization;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Policy;
using Claim = Settlement.Policy.Claim;

namespace Settlement.Fill.Persons;

/// <summary>
/// One person's entries of one year: facts first, then settlements in the order of their days. Made by the changes that the person's grain
/// uses, so that an entry here is byte for byte what a silo would have written at that moment.
/// </summary>
internal sealed class PersonYear(FillPlan plan, Adjudicator adjudicator, int firstYear)
{
    private const int VisitStream = 2;
    private const int DaysWithVisits = 350;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Makes the entries.</summary>
    /// <param name="rank">The person's rank of activity.</param>
    /// <param name="year">Counted from 0.</param>
    /// <param name="head">Where the person stands before the year.</param>
    /// <param name="entry">Takes each entry.</param>
    /// <returns>Where the person stands after it.</returns>
    /// <exception cref="InvalidOperationException">The rules refuse what was drawn.</exception>
    public PersonHead Make(int rank, int year, PersonHead head, Action<LedgerEntry> entry)
    {
        int number = plan.PersonAt(rank);
        string id = FillPlan.PersonId(number);
        Insured person = new(plan.Seed, number, plan.SettlementsOf(rank), firstYear);
        DateTimeOffset begin = new(firstYear + year, 1, 2, 0, 0, 0, China);
        head = Apply(Facts(person, id, year), head, begin, entry);

        int visits = plan.SettlementsOf(rank, year);
        Draws draws = new(plan.Seed, VisitStream + year, number);
        long slot = visits == 0 ? 0 : DaysWithVisits * 86_400L / visits;
        DateOnly before = new(firstYear + year, 1, 1);
        for (int visit = 0; visit < visits; visit++)
        {
            DateTimeOffset moment = begin.AddSeconds(86_400 + visit * slot + draws.Below((int)Math.Max(1, slot)));
            DateOnly day = DateOnly.FromDateTime(moment.DateTime);
            Claim claim = Visits.Draw(ref draws, person, day, day.DayNumber - before.DayNumber);
            head = Apply(Settling(claim, id, number, year, visit), head, moment, entry);
            before = day;
        }

        return head;
    }

    private RecordChange Facts(in Insured person, string id, int year)
    {
        var facts = person.FactsOf(firstYear + year);
        return new RecordChange
        {
            Origin = Reversals.Agency,
            RequestId = string.Create(CultureInfo.InvariantCulture, $"fill-{id}-{year}"),
            Event = EventCodec.Encode(new FactsRecorded(Facilities.Region, facts)),
            IsRegistration = year == 0,
            Adjudicator = adjudicator,
            Person = id,
            Region = Facilities.Region,
            Facts = facts,
        };
    }

    private SettleChange Settling(Claim claim, string id, int number, int year, int visit)
    {
        string facility = claim.Facility.Code;
        SettleRequest request = new()
        {
            RequestId = string.Create(CultureInfo.InvariantCulture, $"{facility}{year:D2}{number:D10}{visit:D5}"),
            Person = id,
            VisitId = string.Create(CultureInfo.InvariantCulture, $"V{year:D2}{number:D10}{visit:D5}"),
            ChargeBatch = "1",
        };
        return new SettleChange
        {
            Origin = facility,
            RequestId = request.RequestId,
            Event = EventCodec.Encode(new ClaimSettled(claim)),
            ChargeKey = LedgerKey.ForCharge(facility, request.VisitId, request.ChargeBatch),
            Adjudicator = adjudicator,
            Request = request,
            Claim = claim,
        };
    }

    private static PersonHead Apply<TAnswer>(Change<TAnswer> change, PersonHead head, DateTimeOffset moment, Action<LedgerEntry> entry)
        where TAnswer : class
    {
        Change<TAnswer>.Proposal proposal = change.Propose(head, moment);
        if (proposal.Refusal is { } refusal)
            throw new InvalidOperationException($"The rules refuse request {change.RequestId}: {refusal.Code}, {refusal.Message}");
        entry(proposal.Entry!);
        return new PersonHead(proposal.Entry!.Sequence, proposal.Entry.Hash, proposal.After!);
    }
}
