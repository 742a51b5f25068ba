using System.Text.Json.Nodes;

namespace Settlement.Policy.Cases;

/// <summary>Runs cases on the rules themselves, with a ledger of one person in memory.</summary>
public sealed class InProcessTarget(Adjudicator adjudicator) : ICaseTarget
{
    /// <inheritdoc/>
    public Task<ICaseSession> OpenAsync(WorkedCase current, CancellationToken cancellation)
    {
        var outcome = adjudicator.Record(Account.Empty, current.Person.AsSpan(), current.Region, 1);
        return outcome.After is { } account
            ? Task.FromResult<ICaseSession>(new Session(adjudicator, current.Region, account))
            : throw new CaseFormatException(
                $"{current.Id}.person: {outcome.Refusal!.Code.Text()} {outcome.Refusal.Field}: {outcome.Refusal.Value}, expected {outcome.Refusal.Expected}");
    }

    private sealed class Session(Adjudicator adjudicator, int region, Account opened) : ICaseSession
    {
        private readonly Dictionary<string, Entry> settlements = new(StringComparer.Ordinal);
        private readonly Dictionary<(string Facility, string RequestId), (byte[] Content, JsonObject Answer)> accepted = [];
        private Account account = opened;

        private DateOnly FirstDay => adjudicator.Catalogue.Find(region)?.InForceFrom ?? default;

        private long NextSequence => account.LastSequence + 1;

        public Task<JsonObject> ApplyAsync(CaseStep taken, CancellationToken cancellation) => Task.FromResult(taken switch
        {
            ClaimStep { Operation: ClaimOperation.Settle } settle => Settle(settle),
            ClaimStep { Operation: ClaimOperation.Quote } quote => CaseAnswers.Of(adjudicator.Settle(account, quote.Claim, NextSequence)),
            ClaimStep { Operation: ClaimOperation.AssistanceOnly } assisted =>
                Settle(assisted with { Claim = assisted.Claim with { KnownPayments = assisted.Claim.KnownPayments
                    ?? new KnownPayments(0, 0) } }),
            ClaimStep { Operation: ClaimOperation.Deposit } deposit =>
                new JsonObject { ["waived"] = adjudicator.DepositWaived(account, deposit.Claim) },
            ReverseStep reverse => Reverse(reverse),
            CoverageStep coverage => Coverage(coverage),
            ChooseFacilityStep choose => Record(choose.Choice, new JsonObject { ["chosen"] = choose.Choice.Code }),
            EndFilingStep end => Record(end.End, new JsonObject { ["endedOn"] = CaseAnswers.Text(end.End.EndedOn) }),
            CertificationStep certification =>
                CaseAnswers.Certified(adjudicator.Certification(region, Scheme.Resident, certification.Certification)),
            ContributionStep contribution =>
                CaseAnswers.Rate(adjudicator.Contribution(region, Scheme.Resident, FirstDay, contribution.Category, contribution.Groups)),
            AssistanceLaterStep later => AssistLater(later),
            IllnessGrantStep grant => Grant(grant),
            _ => throw new NotSupportedException($"{taken.GetType().Name} has no rules yet"),
        });

        public Task<JsonObject> CountersAsync(CancellationToken cancellation) => Task.FromResult(CaseCounters.Of(account));

        private JsonObject Settle(ClaimStep step)
        {
            var key = (step.Claim.Facility.Code, step.RequestId ?? "");
            var content = ClaimCodec.Encode(step.Claim);
            if (step.RequestId is not null && accepted.TryGetValue(key, out var first))
                return first.Content.AsSpan().SequenceEqual(content)
                    ? (JsonObject)first.Answer.DeepClone()
                    : CaseAnswers.Rejected(RefusalCode.RequestConflict);

            var decision = adjudicator.Settle(account, step.Claim, NextSequence);
            var answer = step.Operation == ClaimOperation.AssistanceOnly ? CaseAnswers.OfAssistance(decision) : CaseAnswers.Of(decision);
            if (decision is not Adjudication adjudication)
                return answer;

            Enter(new Entry(step.Id, step.Claim.Facility.Code, step.Claim, account, adjudication));
            if (step.RequestId is not null)
                accepted[key] = (content, (JsonObject)answer.DeepClone());

            return answer;
        }

        private JsonObject Reverse(ReverseStep step)
        {
            if (!settlements.TryGetValue(step.Settlement, out var entry))
                return CaseAnswers.Rejected(RefusalCode.NotFound);

            var target = new SettledEntry(entry.Facility, entry.Year, entry.Sequence, entry.Reversed);
            var outcome = Reversals.Reverse(account, target, entry.Before, entry.After, step.By, NextSequence);
            if (outcome.Refusal is { } refusal)
                return CaseAnswers.Rejected(refusal.Code, refusal.BlockedBy == 0
                    ? null
                    : settlements.Values.First(e => e.Sequence == refusal.BlockedBy).Id);

            var notice = entry.Assists is null ? adjudicator.NoticeOnReversal(account, entry.Claim) : ReversalNotice.None;
            account = outcome.After!;
            entry.Reversed = true;
            if (entry.Assists is { } assisted)
                assisted.Amounts = assisted.Settled;

            return CaseAnswers.Reversed(step.Settlement, notice);
        }

        private JsonObject AssistLater(AssistanceLaterStep step)
        {
            if (!settlements.TryGetValue(step.Settlement, out var entry))
                return CaseAnswers.Rejected(RefusalCode.NotFound);

            var decision = adjudicator.AssistLater(
                account, new AssistedSettlement(entry.Claim, entry.Amounts, entry.Kind, entry.Sequence), NextSequence);
            if (decision is Adjudication adjudication)
            {
                Enter(new Entry(step.Id, Reversals.Agency, entry.Claim, account, adjudication) { Assists = entry });
                entry.Amounts = adjudication.Amounts;
            }

            return CaseAnswers.AssistedLater(decision);
        }

        private JsonObject Grant(IllnessGrantStep step)
        {
            var standing = settlements.Values.Where(e => e is { Reversed: false, Assists: null })
                .Select(e => GrantSettlement.Of(e.Claim, e.Amounts));
            var decision = adjudicator.Grant(account, new GrantApplication(step.AppliedOn, step.Region, [.. standing]), NextSequence);
            if (decision is IllnessGrant grant)
                account = grant.After;

            return CaseAnswers.Granted(decision);
        }

        private void Enter(Entry entry)
        {
            settlements[entry.Id] = entry;
            account = entry.After;
        }

        private JsonObject Coverage(CoverageStep step)
        {
            var outcome = adjudicator.Coverage(account, region, Scheme.Resident, step.Year);
            return outcome.Refusal is { } refusal
                ? CaseAnswers.Rejected(refusal.Code)
                : new JsonObject { ["from"] = CaseAnswers.Text(outcome.Interval.From), ["to"] = CaseAnswers.Text(outcome.Interval.To) };
        }

        private JsonObject Record(Fact fact, JsonObject answer)
        {
            var outcome = adjudicator.Record(account, [fact], region, NextSequence);
            if (outcome.Refusal is { } refusal)
                return CaseAnswers.Rejected(refusal.Code);

            account = outcome.After!;
            return answer;
        }

        /// <summary>
        /// A settlement, or assistance claimed later for one (<c>Assists</c>). <c>Amounts</c> are those that stand, <c>Settled</c> those of
        /// the settlement alone.
        /// </summary>
        private sealed class Entry(string id, string facility, Claim claim, Account before, Adjudication decided)
        {
            public string Id { get; } = id;

            public string Facility { get; } = facility;

            public Claim Claim { get; } = claim;

            public int Year { get; } = decided.BenefitYear;

            public long Sequence { get; } = decided.After.LastSequence;

            public OutOfAreaKind Kind { get; } = decided.OutOfAreaKind;

            public Account Before { get; } = before;

            public Account After { get; } = decided.After;

            public Amounts Settled { get; } = decided.Amounts;

            public Amounts Amounts { get; set; } = decided.Amounts;

            public Entry? Assists { get; init; }

            public bool Reversed { get; set; }
        }
    }
}
