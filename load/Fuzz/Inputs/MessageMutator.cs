using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Settlement.Fuzz.Inputs;

/// <summary>
/// Changes fields of a message to values at the edges of what their types hold, so that the change reaches what lies behind the parser.
/// </summary>
internal static class MessageMutator
{
    private static readonly string[] Texts =
    [
        "", " ", "\0", "\n", "x", "医疗保险", "\U0001F4A9", "\u202e", "'; DROP TABLE entries; --", "<script>", "{\"a\":1}", "%s%n", "../..",
        "2026-02-30", "2026-02-29", "0001-01-01", "9999-12-31",
        "1900-01-01", "2200-12-31", "210100", "999999", "000000", "210100198506151238", "21010019850615123x", "P0", "P1", "P2", "AGENCY",
        "H1", "zh", "en", "inpatient.deductible",
        new('x', 30), new('x', 31), new('9', 64), new('医', 5000),
    ];

    private static readonly long[] Numbers =
        [0, 1, -1, 2, 100, 2026, 200, 201, 10_000_000, int.MaxValue, int.MinValue, (long)int.MaxValue + 1,
            long.MaxValue, long.MinValue, long.MaxValue / 2, 1L << 53];

    /// <summary>Changes some fields of the message itself.</summary>
    public static void Change(IMessage message, Chance chance)
    {
        for (int times = 1 + chance.Below(3); times > 0; times--) Once(message, chance, depth: 0);
    }

    private static void Once(IMessage message, Chance chance, int depth)
    {
        IList<FieldDescriptor> fields = message.Descriptor.Fields.InDeclarationOrder();
        if (fields.Count == 0) return;
        FieldDescriptor field = chance.Of((IReadOnlyList<FieldDescriptor>)[.. fields]);
        if (field.IsMap) return;
        if (field.IsRepeated)
        {
            IList list = (IList)field.Accessor.GetValue(message);
            if (list.Count > 0 && chance.OneIn(3)) list.RemoveAt(chance.Below(list.Count));
            else for (int times = chance.OneIn(20) ? 1100 : 1 + chance.Below(3); times > 0; times--) list.Add(Value(field, chance, depth));
        }
        else if (field.FieldType == FieldType.Message && field.Accessor.GetValue(message) is IMessage inner && !chance.OneIn(5))
        {
            Once(inner, chance, depth + 1);
        }
        else if (chance.OneIn(6))
        {
            field.Accessor.Clear(message);
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, chance, depth));
        }
    }

    private static object Value(FieldDescriptor field, Chance chance, int depth)
    {
        long number = chance.OneIn(4) ? chance.Any64() : chance.Of(Numbers);
        switch (field.FieldType)
        {
            case FieldType.String: return chance.Of(Texts);
            case FieldType.Bytes: return ByteString.CopyFrom(chance.Bytes(64));
            case FieldType.Bool: return chance.OneIn(2);
            case FieldType.Enum: return chance.OneIn(3) ? (int)number : chance.Below(8);
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32: return (int)number;
            case FieldType.UInt32 or FieldType.Fixed32: return (uint)number;
            case FieldType.UInt64 or FieldType.Fixed64: return (ulong)number;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64: return number;
            case FieldType.Double: return (double)number;
            case FieldType.Float: return (float)number;
            case FieldType.Message:
                IMessage inner = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                if (depth < 6) Once(inner, chance, depth + 1);
                return inner;
            default: throw new NotSupportedException($"{field.FullName} is a {field.FieldType}");
        }
    }
}
