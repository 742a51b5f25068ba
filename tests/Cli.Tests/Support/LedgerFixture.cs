using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Cli.Replay;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Claim = Settlement.Policy.Claim;
using Fact = Settlement.Policy.Fact;
using Facility = Settlement.Policy.Facility;
using Scheme = Settlement.Policy.Scheme;
using Violation = Settlement.Cli.Auditing.Violation;

namespace Settlement.Cli.Tests.Support;

/// <summary>
/// A SQLite ledger of one person (or one after the other), written by the product's own writer with decisions of the real pack; each entry
/// may be bent before it is sealed, and the file may be tampered with afterwards.
/// </summary>
internal sealed class LedgerFixture : IAsyncDisposable
{
    public const string Person = "210100198506151238";
    public const string Hospital = "H21010200002";
    private const int Region = 210100;
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-audit-").FullName;
    private readonly List<LedgerEntry> entries = [];
    private readonly ILedgerStore store;
    private readonly LedgerWriter writer;
    private PersonLane lane;
    private string person = Person;

    private LedgerFixture()
    {
        Data = Path.Combine(folder, "data");
        store = LedgerStore.Create(new LedgerOptions { Path = Path.Combine(Data, "ledger.db") }, NullLoggerFactory.Instance);
        writer = new LedgerWriter(store, new LedgerWriterOptions(), TimeProvider.System, NullLogger<LedgerWriter>.Instance);
        lane = writer.OpenLane(Person);
    }

    /// <summary>Folder of the checkout's packs.</summary>
    public static string Policies { get; } = PoliciesFolder();

    /// <summary>The data folder that holds the ledger.</summary>
    public string Data { get; }

    /// <summary>The pack of the checkout.</summary>
    public Pack Pack { get; } = PolicyCatalogue.Load(PoliciesFolder()).Find(Region)!;

    /// <summary>A ledger that holds the pack and, when asked for, a registered person.</summary>
    public static async Task<LedgerFixture> CreateAsync(bool registered = true)
    {
        LedgerFixture fixture = new();
        await fixture.store.InitialiseAsync();
        await fixture.KeepAsync(fixture.Pack);
        if (registered) await fixture.RegisterAsync();
        return fixture;
    }

    /// <summary>Keeps a pack in the ledger.</summary>
    public Task KeepAsync(Pack pack) => store.RegisterPackAsync(pack.PackKey, [.. pack.Hash], pack.Name, [.. pack.Archive]);

    /// <summary>The pack of the checkout with another text in one of its files.</summary>
    public Pack PackWith(string file, string old, string @new)
    {
        string policies = Path.Combine(folder, "policies");
        string city = Path.Combine(policies, "shenyang");
        Directory.CreateDirectory(city);
        foreach (string source in Directory.EnumerateFiles(Path.Combine(PoliciesFolder(), "shenyang")))
            File.Copy(source, Path.Combine(city, Path.GetFileName(source)), overwrite: true);
        string changed = Path.Combine(city, file);
        string text = File.ReadAllText(changed);
        Assert.Contains(old, text);
        File.WriteAllText(changed, text.Replace(old, @new));
        return PolicyCatalogue.Load(policies).Find(Region)!;
    }

    /// <summary>The folder of the pack that <see cref="PackWith"/> wrote last.</summary>
    public string ChangedPack => Path.Combine(folder, "policies", "shenyang");

    /// <summary>From here on the entries are those of another person, who is registered.</summary>
    public Task ContinueWithAsync(string other)
    {
        entries.Clear();
        (person, lane) = (other, writer.OpenLane(other));
        return RegisterAsync();
    }

    /// <summary>Registers the person.</summary>
    public Task RegisterAsync(Action<Draft>? bend = null)
    {
        FactsRecorded facts = new(Region,
        [
            new BirthFact(new DateOnly(1985, 6, 15)),
            new InsuredFact(new DateOnly(2020, 1, 1), InsuredCategory.Adult),
            new ContributionFact(2024, new DateOnly(2023, 10, 15)),
            new ContributionFact(2025, new DateOnly(2024, 10, 15)),
        ]);
        RecordOutcome outcome = new Adjudicator(PolicyCatalogue.Of(Pack)).Record(Current, facts.Facts.AsSpan(), Region, Next);
        Assert.Null(outcome.Refusal);
        return AppendAsync(new Draft(this, LedgerEntryKind.Registration, "AGENCY", facts, outcome.After!)
        {
            BenefitYear = 2025,
            EffectiveDate = new DateOnly(2025, 1, 2),
        }, bend);
    }

    /// <summary>Settles an admission of so much in scope.</summary>
    /// <param name="inScope">Fen.</param>
    /// <param name="bend">Changes the entry before it is sealed.</param>
    /// <param name="by">The pack that decides; that of the checkout when left out.</param>
    /// <param name="level">Level of the hospital.</param>
    /// <param name="discharged">Day of discharge; ten days after that of the entry before when left out.</param>
    public Task SettleAsync(
        long inScope, Action<Draft>? bend = null, Pack? by = null, FacilityLevel level = FacilityLevel.Level3,
        DateOnly? discharged = null)
    {
        DateOnly discharge = discharged ?? new DateOnly(2025, 3, 10).AddDays(10 * Next);
        Claim claim = new()
        {
            Region = Region,
            Scheme = Scheme.Resident,
            VisitType = VisitType.Inpatient,
            Facility = new Facility { Code = Hospital, Level = level, Division = 210102, Designated = true, AssistanceDesignated = true },
            AdmissionDate = discharge.AddDays(-6),
            DischargeDate = discharge,
            Totals = new ClaimTotals(inScope, 0, 0, 0, 0, inScope),
        };
        Adjudication settled = Assert.IsType<Adjudication>(new Adjudicator(PolicyCatalogue.Of(by ?? Pack)).Settle(Current, claim, Next));
        return AppendAsync(new Draft(this, LedgerEntryKind.Settlement, Hospital, new ClaimSettled(claim), settled.After)
        {
            BenefitYear = settled.BenefitYear,
            EffectiveDate = claim.DischargeDate,
            VisitType = (short)claim.VisitType,
            Amounts = settled.Amounts,
            ChargeKey = LedgerKey.ForCharge(Hospital, $"{person}-{Next}", "1"),
        }, bend);
    }

    /// <summary>Reverses an entry as the rules have it, whether they allow it or not.</summary>
    public Task ReverseAsync(int sequence, Action<Draft>? bend = null)
    {
        LedgerEntry target = entries[sequence - 1];
        Account before = AccountCodec.Decode(entries[sequence - 2].AccountAfter.Span);
        // Behind a later settlement the rules give no account; what a careless program would do is to restore the old one.
        Account after = Reversals.Reverse(
            Current, new SettledEntry(target.Origin, target.BenefitYear, target.Sequence, false), before,
            AccountCodec.Decode(target.AccountAfter.Span), Hospital, Next).After ?? before;
        return AppendAsync(new Draft(this, LedgerEntryKind.Reversal, Hospital, new SettlementReversed(sequence, Hospital), after)
        {
            BenefitYear = target.BenefitYear,
            EffectiveDate = target.EffectiveDate,
            VisitType = target.VisitType,
            Reverses = sequence,
            Amounts = new Amounts { Total = target.Total, Pooled = target.Pooled, SeriousIllness = target.SeriousIllness,
                PersonPays = target.PersonPays },
        }, bend);
    }

    /// <summary>Changes the file behind the ledger's back: without its triggers, indexes and checks.</summary>
    public async Task TamperAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={Path.Combine(Data, "ledger.db")};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            PRAGMA ignore_check_constraints = ON;
            DROP TRIGGER IF EXISTS entry_is_never_changed;
            DROP TRIGGER IF EXISTS entry_is_never_removed;
            DROP INDEX IF EXISTS entry_request;
            {sql};
            """;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Audits the ledger.</summary>
    public async Task<(AuditCounts Counts, List<Violation> Violations)> AuditAsync()
    {
        List<Violation> violations = [];
        AuditCounts counts = await new LedgerAudit(store, new PolicyRecomputation(store))
            .RunAsync(violations.Add, _ => { }, CancellationToken.None);
        return (counts, violations);
    }

    /// <summary>Replays the ledger under a changed pack.</summary>
    public Task<ReplayReport> ReplayAsync(Pack changed, DateOnly from) =>
        new LedgerReplay(store, changed, from).RunAsync(_ => { }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await store.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The entries of the person written last.</summary>
    public IReadOnlyList<LedgerEntry> Entries => entries;

    private int Next => entries.Count + 1;

    private Account Current => entries.Count == 0 ? Account.Empty : AccountCodec.Decode(entries[^1].AccountAfter.Span);

    private static string PoliciesFolder([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../policies"));

    private async Task AppendAsync(Draft draft, Action<Draft>? bend)
    {
        bend?.Invoke(draft);
        LedgerEntry entry = draft.ToEntry().Seal();
        AppendOutcome outcome = await writer.AppendAsync(lane, entry);
        Assert.True(outcome.IsAppended, $"entry {entry.Sequence}: {outcome.Status}");
        entries.Add(entry);
    }

    /// <summary>An entry to be, with every field that a test may bend.</summary>
    internal sealed class Draft(LedgerFixture ledger, LedgerEntryKind kind, string origin, PersonEvent happened, Account after)
    {
        public string Origin { get; set; } = origin;
        public int BenefitYear { get; set; }
        public DateOnly EffectiveDate { get; set; }
        public short VisitType { get; set; }
        public int? Reverses { get; set; }
        public Amounts Amounts { get; set; }
        public LedgerKey? ChargeKey { get; set; }
        public int ChargeGeneration { get; set; }
        public long PackKey { get; set; } = ledger.Pack.PackKey;
        public byte[] Event { get; set; } = EventCodec.Encode(happened);
        public byte[] AccountAfter { get; set; } = AccountCodec.Encode(after);

        /// <summary>Amounts as answered, when they differ from those entered.</summary>
        public Amounts? Answered { get; set; }

        /// <summary>The account before the entry, encoded.</summary>
        public byte[] AccountBefore => AccountCodec.Encode(ledger.Current);

        public LedgerEntry ToEntry()
        {
            string request = $"{ledger.person}-{ledger.Next}";
            LedgerKey key = LedgerKey.ForRequest(Origin, request);
            return new LedgerEntry
            {
                PersonId = ledger.person,
                Sequence = ledger.Next,
                Kind = kind,
                Origin = Origin,
                RequestId = request,
                RequestKey = key,
                ChargeKey = ChargeKey,
                ChargeGeneration = ChargeGeneration,
                BenefitYear = BenefitYear,
                EffectiveDate = EffectiveDate,
                VisitType = VisitType,
                Region = Region,
                PackKey = PackKey,
                Reverses = Reverses,
                Total = Amounts.Total,
                Pooled = Amounts.Pooled,
                SeriousIllness = Amounts.SeriousIllness,
                AssistanceBasic = Amounts.AssistanceBasic,
                AssistanceTilt = Amounts.AssistanceTilt,
                PersonPays = Amounts.PersonPays,
                Event = Event,
                Answer = Answer(request, key).ToByteArray(),
                AccountAfter = AccountAfter,
                RecordedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
                PreviousHash = ledger.entries.Count == 0 ? LedgerHash.Zero : ledger.entries[^1].Hash,
            };
        }

        private IMessage Answer(string request, LedgerKey key)
        {
            Amounts amounts = Answered ?? Amounts;
            return kind switch
            {
                LedgerEntryKind.Settlement => new SettleResponse
                {
                    Result = new SettlementResult
                    {
                        SettlementId = key.ToString(), RequestId = request, Person = ledger.person, Sequence = ledger.Next,
                        Totals = new Totals { Total = amounts.Total, InScope = amounts.InScope }, BenefitYear = BenefitYear,
                        DeductibleStandard = amounts.DeductibleStandard, DeductiblePaid = amounts.DeductiblePaid,
                        OutOfAreaKind = OutOfArea.Types.Kind.Local, Pooled = amounts.Pooled, SeriousIllness = amounts.SeriousIllness,
                        AssistanceBasic = amounts.AssistanceBasic, AssistanceTilt = amounts.AssistanceTilt, PersonPays = amounts.PersonPays,
                    },
                },
                LedgerEntryKind.Reversal => new ReverseResponse
                {
                    ReversalId = key.ToString(), RequestId = request, Person = ledger.person, Sequence = ledger.Next,
                    SettlementId = ledger.entries[Reverses!.Value - 1].RequestKey.ToString(),
                },
                _ => new RecordResponse { Person = ledger.person, Sequence = ledger.Next, RequestId = request },
            };
        }
    }
}
