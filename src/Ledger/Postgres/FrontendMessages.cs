using System.Buffers.Binary;
using System.Text;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// Messages to PostgreSQL in its protocol 3.0 (manual, chapter "Frontend/Backend Protocol", "Message Formats"), gathered for one send. The
/// buffer is kept: a batch allocates nothing here.
/// </summary>
internal sealed class FrontendMessages
{
    private const short Binary = 1;
    private const short AllParametersAlike = 1;
    private const int NoRowLimit = 0;
    private const int OneDimension = 1;
    private const int MayHoldNulls = 1;
    private const int FirstIndex = 1;

    private byte[] buffer = new byte[256 << 10];
    private int length;

    /// <summary>Puts the value of an entry into an array: its length and bytes, or null.</summary>
    public delegate void ArrayElement(FrontendMessages messages, LedgerEntry entry);

    /// <summary>What is to be sent.</summary>
    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    /// <summary>Empties the buffer.</summary>
    public void Clear() => length = 0;

    /// <summary>Prepares a statement under a name; parameter types are as its text says.</summary>
    public void Parse(string statement, string sql)
    {
        int at = Begin('P');
        Text(statement);
        Text(sql);
        Int16(0);
        End(at);
    }

    /// <summary>Runs a prepared statement that has no parameters.</summary>
    public void Execute(string statement) => Execute(statement, [], []);

    /// <summary>Runs a prepared statement whose parameters are arrays with one element for each entry.</summary>
    /// <param name="statement">Its name.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="arrays">Type of the elements and how one is written, for each parameter.</param>
    public void Execute(string statement, IReadOnlyList<LedgerEntry> entries, params (int ElementType, ArrayElement Put)[] arrays)
    {
        int bind = BeginBind(statement, arrays.Length);
        foreach ((int type, ArrayElement put) in arrays)
        {
            int array = Reserve(sizeof(int));
            Int32(OneDimension);
            Int32(MayHoldNulls);
            Int32(type);
            Int32(entries.Count);
            Int32(FirstIndex);
            foreach (LedgerEntry entry in entries) put(this, entry);
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(array), length - array - sizeof(int));
        }

        EndBindAndExecute(bind);
    }

    /// <summary>Runs a prepared statement whose parameters are the values of one row, and a truth value behind them.</summary>
    /// <param name="statement">Its name.</param>
    /// <param name="row">The values, binary, each with its length in front.</param>
    /// <param name="values">How many they are.</param>
    /// <param name="last">The truth value.</param>
    public void Execute(string statement, ReadOnlySpan<byte> row, int values, bool last)
    {
        int bind = BeginBind(statement, values + 1);
        Put(row);
        Int32(sizeof(bool));
        Put([last ? (byte)1 : (byte)0]);
        EndBindAndExecute(bind);
    }

    /// <summary>A piece of what COPY reads.</summary>
    public void CopyData(ReadOnlySpan<byte> data)
    {
        int at = Begin('d');
        Put(data);
        End(at);
    }

    /// <summary>The end of what COPY reads.</summary>
    public void CopyDone() => End(Begin('c'));

    /// <summary>Commits what came since the last one, or ends its failure; the server answers when that is done.</summary>
    public void Sync() => End(Begin('S'));

    /// <summary>A null of an array.</summary>
    public void Null() => Int32(-1);

    /// <summary>A two-byte number of an array.</summary>
    public void Value(short value)
    {
        Int32(sizeof(short));
        Int16(value);
    }

    /// <summary>A four-byte number of an array.</summary>
    public void Value(int value)
    {
        Int32(sizeof(int));
        Int32(value);
    }

    /// <summary>A text of an array.</summary>
    public void Value(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        Int32(bytes);
        int at = Reserve(bytes);
        Encoding.UTF8.GetBytes(value, buffer.AsSpan(at));
    }

    /// <summary>A key of an array.</summary>
    public void Value(LedgerKey key)
    {
        Int32(LedgerKey.ByteLength);
        int at = Reserve(LedgerKey.ByteLength);
        key.CopyTo(buffer.AsSpan(at));
    }

    /// <summary>A hash of an array.</summary>
    public void Value(LedgerHash hash)
    {
        Int32(LedgerHash.ByteLength);
        int at = Reserve(LedgerHash.ByteLength);
        hash.CopyTo(buffer.AsSpan(at));
    }

    private int BeginBind(string statement, int parameters)
    {
        int at = Begin('B');
        Text("");
        Text(statement);
        Int16(AllParametersAlike);
        Int16(Binary);
        Int16((short)parameters);
        return at;
    }

    private void EndBindAndExecute(int bind)
    {
        Int16(0);
        End(bind);
        int execute = Begin('E');
        Text("");
        Int32(NoRowLimit);
        End(execute);
    }

    /// <summary>The kind of message and room for its length, which counts itself but not the kind.</summary>
    private int Begin(char kind)
    {
        int at = Reserve(1);
        buffer[at] = (byte)kind;
        return Reserve(sizeof(int));
    }

    private void End(int at) => BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at), length - at);

    private void Text(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        int at = Reserve(bytes + 1);
        Encoding.UTF8.GetBytes(text, buffer.AsSpan(at));
        buffer[at + bytes] = 0;
    }

    private void Int16(short value)
    {
        int at = Reserve(sizeof(short));
        BinaryPrimitives.WriteInt16BigEndian(buffer.AsSpan(at), value);
    }

    private void Int32(int value)
    {
        int at = Reserve(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at), value);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        int at = Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(at));
    }

    /// <summary>Makes room and gives its begin. The buffer may be another one afterwards.</summary>
    private int Reserve(int bytes)
    {
        if (buffer.Length - length < bytes) Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + bytes));
        length += bytes;
        return length - bytes;
    }
}
