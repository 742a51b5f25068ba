using Settlement.Cli.Auditing;
using Settlement.Cli.Tests.Support;
using Settlement.Ledger;
using Settlement.Policy;
using Violation = Settlement.Cli.Auditing.Violation;

namespace Settlement.Cli.Tests;

/// <summary>The auditor audited: a clean ledger is found clean, and each planted violation is found and named.</summary>
public sealed class AuditTests
{
    private const long TenThousand = 1_000_000; // yuan, in fen

    [Fact]
    public async Task A_clean_ledger_with_a_reversal_has_no_violation()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(5 * TenThousand);
        await ledger.ReverseAsync(3);
        await ledger.SettleAsync(30 * TenThousand);
        (AuditCounts counts, List<Violation> violations) = await ledger.AuditAsync();
        Assert.Empty(violations);
        Assert.Equal((1, 5, 3, 1, 0), (counts.Persons, counts.Entries, counts.Settlements, counts.Reversals, counts.Violations));
    }

    [Theory]
    [InlineData("UPDATE entry SET event = x'00' WHERE sequence = 2", "Hash Content")]
    [InlineData("UPDATE entry SET previous_hash = randomblob(32) WHERE sequence = 3", "Hash Chain")]
    [InlineData("UPDATE entry SET total = total + 1 WHERE sequence = 2", "Hash Identity Answer")]
    [InlineData("UPDATE entry SET request_key = (SELECT request_key FROM entry WHERE sequence = 2) WHERE sequence = 3",
        "Hash Request Request Answer")]
    [InlineData("DELETE FROM entry WHERE sequence = 2",
        "Sequence Chain Account")]
    [InlineData("DELETE FROM entry WHERE sequence = 1",
        "Sequence Chain Registration Recomputation")]
    [InlineData("UPDATE entry SET account_after = (SELECT account_after FROM entry WHERE sequence = 1) WHERE sequence = 3",
        "Hash Account")]
    public async Task Tampering_with_the_file_is_found(string sql, string expected)
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(2 * TenThousand);
        await ledger.TamperAsync(sql);
        Assert.Equal(expected, string.Join(' ', await KindsAsync(ledger)));
    }

    // From here on the entries are sealed and chained as they should be: only their content is wrong.

    [Fact]
    public async Task A_fen_moved_from_fund_to_person_is_found_although_all_adds_up()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand, entry =>
            entry.Amounts = entry.Amounts with { Pooled = entry.Amounts.Pooled - 1, PersonPays = entry.Amounts.PersonPays + 1 });
        Assert.Equal([ViolationKind.Recomputation], await KindsAsync(ledger));
    }

    [Fact]
    public async Task An_account_that_forgot_a_settlement_is_found()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand, entry => entry.AccountAfter = entry.AccountBefore);
        Assert.Equal([ViolationKind.Account], await KindsAsync(ledger));
    }

    [Fact]
    public async Task An_answer_other_than_the_entry_is_found()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand, entry => 
            entry.Answered = entry.Amounts with { Pooled = entry.Amounts.Pooled + 1, PersonPays = entry.Amounts.PersonPays - 1 });
        Assert.Equal([ViolationKind.Answer, ViolationKind.Recomputation], await KindsAsync(ledger));
    }

    [Fact]
    public async Task A_charge_settled_twice_is_found_and_after_a_reversal_it_is_not()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        LedgerKey charge = LedgerKey.ForCharge(LedgerFixture.Hospital, "V", "1");
        await ledger.SettleAsync(TenThousand, entry => entry.ChargeKey = charge);
        await ledger.ReverseAsync(2);
        await ledger.SettleAsync(TenThousand, entry => (entry.ChargeKey, entry.ChargeGeneration) = (charge, 1));
        Assert.Empty(await KindsAsync(ledger));
        await ledger.SettleAsync(TenThousand, entry => (entry.ChargeKey, entry.ChargeGeneration) = (charge, 2));
        Assert.Equal([ViolationKind.Charge], await KindsAsync(ledger));
    }

    [Fact]
    public async Task A_pack_that_the_ledger_does_not_keep_is_found()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand, entry => entry.PackKey = 42);
        Assert.Equal([ViolationKind.Pack], await KindsAsync(ledger));
    }

    [Fact]
    public async Task A_settlement_by_other_rules_than_its_pack_is_found_and_so_is_the_cap_it_breaks()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        Pack generous = ledger.PackWith("frame.yaml", "value: 150000", "value: 1000000");
        await ledger.SettleAsync(50 * TenThousand, by: generous);
        Assert.Equal([ViolationKind.Recomputation, ViolationKind.Account, ViolationKind.Cap], await KindsAsync(ledger));
    }

    [Fact]
    public async Task The_pack_of_the_time_decides_not_that_of_the_checkout()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        Pack generous = ledger.PackWith("frame.yaml", "value: 150000", "value: 1000000");
        await ledger.KeepAsync(generous);
        await ledger.SettleAsync(50 * TenThousand, entry => entry.PackKey = generous.PackKey, generous);
        Assert.Empty(await KindsAsync(ledger));
    }

    [Fact]
    public async Task A_reversal_behind_a_later_settlement_is_found()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(2 * TenThousand);
        await ledger.ReverseAsync(2);
        Assert.Equal([ViolationKind.Reversal, ViolationKind.Recomputation], await KindsAsync(ledger));
    }

    [Fact]
    public async Task A_reversal_of_other_amounts_is_found()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.ReverseAsync(2, entry => entry.Amounts = new Amounts { Total = 5, PersonPays = 5 });
        Assert.Equal([ViolationKind.Reversal], await KindsAsync(ledger));
    }

    [Fact]
    public async Task A_reversal_by_another_facility_is_found()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.ReverseAsync(2, entry =>
            (entry.Origin, entry.Event) = ("H99", EventCodec.Encode(new SettlementReversed(2, "H99"))));
        Assert.Equal([ViolationKind.Reversal, ViolationKind.Recomputation], await KindsAsync(ledger));
    }

    [Fact]
    public async Task A_person_registered_twice_is_found()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.RegisterAsync();
        Assert.Contains(ViolationKind.Registration, await KindsAsync(ledger));
    }

    [Theory]
    [InlineData("150000", 15_000_000)]
    [InlineData("5.50", 550)]
    public void Caps_are_read_in_fen(string text, long fen)
    {
        Assert.True(Caps.TryReadYuan(text, out long read));
        Assert.Equal(fen, read);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("-1")]
    [InlineData("5.5")]
    [InlineData("")]
    public void Other_words_are_no_cap(string text) => Assert.False(Caps.TryReadYuan(text, out _));

    [Fact]
    public async Task The_command_ends_with_0_on_a_clean_ledger_and_with_1_naming_each_violation_masked()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        using TestHost clean = new();
        Assert.Equal(ExitCode.Ok, await clean.RunAsync("audit", "--data", ledger.Data));
        Assert.Contains("1 persons, 2 entries (1 settlements, 0 reversals): no violation", clean.Out);

        await ledger.TamperAsync("UPDATE entry SET total = total + 1 WHERE sequence = 2");
        using TestHost broken = new();
        Assert.Equal(ExitCode.Refused, await broken.RunAsync("audit", "--data", ledger.Data));
        Assert.Contains("Identity: person **************1238, entry 2: total 1000001 fen, payments 1000000 fen", broken.Out);
        Assert.DoesNotContain(LedgerFixture.Person, broken.Out + broken.Error);
    }

    [Fact]
    public async Task A_ledger_that_is_not_there_is_not_made_and_ends_with_3()
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Environment, await host.RunAsync("audit"));
        Assert.False(Directory.Exists(host.Data));
    }

    private static async Task<ViolationKind[]> KindsAsync(LedgerFixture ledger) =>
        [.. (await ledger.AuditAsync()).Violations.Select(violation => violation.Kind)];
}
