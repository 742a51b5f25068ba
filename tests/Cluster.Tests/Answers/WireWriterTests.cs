using Google.Protobuf;
using Settlement.Contract;
using Settlement.Mapping;

namespace Settlement.Cluster.Tests.Answers;

/// <summary>A message laid out from its end is the one that the library encodes.</summary>
public sealed class WireWriterTests
{
    public static TheoryData<long> Numbers =>
    [
        0, 1, 127, 128, 16_383, 16_384, (1L << 21) - 1, 1L << 21, (1L << 28) - 1, 1L << 28, (1L << 35) - 1, 1L << 35, (1L << 42) - 1,
        1L << 42, (1L << 49) - 1, 1L << 49, (1L << 56) - 1, 1L << 56, long.MaxValue, long.MinValue, -1, int.MinValue,
    ];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Numbers_are_the_librarys(long number)
    {
        WireWriter wire = new();
        wire.Number(SettlementResult.PersonPaysFieldNumber, number);
        wire.Number(SettlementResult.BenefitYearFieldNumber, (int)number);
        wire.Number(SettlementResult.SequenceFieldNumber, number);

        Assert.Equal(
            new SettlementResult { Sequence = number, BenefitYear = (int)number, PersonPays = number }.ToByteArray(), wire.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(4_000)]
    [InlineData(4_096)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    public void Texts_and_parts_of_any_length_are_the_librarys(int length)
    {
        string text = string.Concat(Enumerable.Repeat("统x", length));
        SettlementResult expected = new() { Person = text, Totals = new Totals(), Warnings = { "", text, "w" } };
        expected.Matrix.Add(new MatrixRow { Band = text });
        expected.Matrix.Add(new MatrixRow { Pooled = length });

        WireWriter wire = new();
        int before = wire.Length;
        wire.Number(MatrixRow.PooledFieldNumber, length);
        wire.EndPart(SettlementResult.MatrixFieldNumber, before);
        before = wire.Length;
        wire.Text(MatrixRow.BandFieldNumber, text);
        wire.EndPart(SettlementResult.MatrixFieldNumber, before);
        wire.Element(SettlementResult.WarningsFieldNumber, "w");
        wire.Element(SettlementResult.WarningsFieldNumber, text);
        wire.Element(SettlementResult.WarningsFieldNumber, "");
        wire.EndPart(SettlementResult.TotalsFieldNumber, wire.Length);
        wire.Text(SettlementResult.PersonFieldNumber, text);

        Assert.Equal(expected.ToByteArray(), wire.ToArray());
    }

    [Fact]
    public void A_writer_does_not_see_what_the_one_before_it_wrote()
    {
        WireWriter first = new();
        first.Text(SettlementResult.PersonFieldNumber, new string('x', 10_000));
        WireWriter second = new();
        second.Text(SettlementResult.PersonFieldNumber, "P1");

        Assert.Equal(new SettlementResult { Person = "P1" }.ToByteArray(), second.ToArray());
    }
}
