using Google.Protobuf;
using Google.Protobuf.Reflection;
using Settlement.Contract;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Tests.Histories;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests.Answers;

/// <summary>
/// The answer laid out in bytes is, byte for byte, what the library makes of the answer's message. The worked cases hold the same of what
/// they leave in the ledger (<see cref="WorkedCaseTests"/>).
/// </summary>
public sealed class ResultEncodingTests(ITestOutputHelper output)
{
    private static readonly Adjudicator Adjudicator = new(PolicyCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "policies")));

    public static TheoryData<string> Cities => [.. City.All.Select(city => city.Name)];

    [Theory]
    [MemberData(nameof(Cities))]
    public void Every_answer_is_encoded_as_its_message(string city)
    {
        int answers = 0;
        HistoryProperty.ForEvery(City.Named(city), output.WriteLine, history =>
        {
            foreach (Entry entry in PersonRun.Play(Adjudicator, history).Run.Entries.Where(entry => entry.IsSettlement))
            {
                AssertSame(Full(entry.Sequence), entry);
                AssertSame(new ResultIds { Person = "P1" }, entry);
                answers++;
            }
        }, count: 300);
        Assert.True(answers > 50, $"only {answers} answers");
    }

    [Fact]
    public void An_answer_has_no_field_that_the_encoding_does_not_know()
    {
        Assert.Equal(["result", "already_settled"], NamesOf(SettleResponse.Descriptor));
        Assert.Equal(
            ["settlement_id", "request_id", "person", "visit_id", "charge_batch", "sequence", "settled_at", "benefit_year", "policy",
                "totals", "deductible_standard", "deductible_paid", "pooled", "serious_illness", "assistance_basic", "assistance_tilt",
                "assistance_outpatient", "assistance_other", "person_pays", "out_of_area_kind", "assistance_reason", "warnings", "matrix",
                "steps", "alerts", "correction_id", "replaces"],
            NamesOf(SettlementResult.Descriptor));
        Assert.Equal(
            ["total", "self_funded", "over_limit", "pre_self_pay", "pre_self_pay_not_counted", "in_scope"],
            NamesOf(Totals.Descriptor));
        Assert.Equal(
            ["band", "ratio_bp", "amount", "pooled", "serious_illness", "assistance_basic", "assistance_tilt", "assistance_outpatient",
                "assistance_other", "person", "text"],
            NamesOf(MatrixRow.Descriptor));
        Assert.Equal(
            ["code", "parameter", "ratio_bp", "from", "to", "base", "amount", "counter", "counter_before", "counter_after", "text",
                "citation", "parameter_name"],
            NamesOf(Step.Descriptor));
        Assert.Equal(["kind", "state", "benefit_year", "burden"], NamesOf(Alert.Descriptor));
    }

    private static void AssertSame(ResultIds ids, Entry entry)
    {
        SettlementResult expected = AnswerMessage.Of(
            ids, entry.Decided!, entry.Before, Adjudicator.Catalogue.Packs.Single(pack => pack.PackKey == entry.Decided!.PackKey));

        Assert.Equal(
            new SettleResponse { Result = expected }.ToByteArray(),
            ResultEncoding.Answer(ids, entry.Decided!, entry.Before, Adjudicator.Catalogue));
        expected = AnswerMessage.Of(
            new ResultIds { Person = "P2" }, entry.Decided!, entry.Before,
            Adjudicator.Catalogue.Packs.Single(pack => pack.PackKey == entry.Decided!.PackKey));
        Assert.Equal(expected, ResultEncoding.Quote("P2", entry.Decided!, entry.Before, Adjudicator.Catalogue));
    }

    private static ResultIds Full(long sequence) => new()
    {
        SettlementId = "0123456789ABCDEFGHJKMNPQRS",
        RequestId = "报文-1",
        Person = "P1",
        VisitId = "v" + new string('9', (int)(sequence % 60)),
        ChargeBatch = "1",
        Sequence = (int)sequence,
        SettledAt = "2026-03-05T08:00:00+08:00",
        CorrectionId = "SRQPNMKJHGFEDCBA9876543210",
        Replaces = "r",
    };

    private static IEnumerable<string> NamesOf(MessageDescriptor message) =>
        message.Fields.InFieldNumberOrder().Select(field => field.Name);
}
