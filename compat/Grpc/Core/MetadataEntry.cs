using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One header or trailer; never changes.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

        private readonly string? value;
        private readonly byte[]? valueBytes;

        /// <summary>An entry of bytes, which are copied.</summary>
        /// <exception cref="ArgumentException">The key has other characters than lower case letters, digits, '_', '-' and '.', or does not
        /// end in <c>-bin</c>.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalise(key);
            if (!IsBinaryKey(Key))
                throw new ArgumentException($"Key '{key}' of a binary metadata entry must end in '{BinaryHeaderSuffix}'.", nameof(key));
            this.valueBytes = [.. valueBytes];
        }

        /// <summary>An entry of ASCII text.</summary>
        /// <exception cref="ArgumentException">The key has other characters than lower case letters, digits, '_', '-' and '.', or ends in
        /// <c>-bin</c>.</exception>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalise(key);
            if (IsBinaryKey(Key))
                throw new ArgumentException($"Key '{key}' of a text metadata entry must not end in '{BinaryHeaderSuffix}'.", nameof(key));
            this.value = value;
        }

        /// <summary>The key in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the entry holds bytes.</summary>
        public bool IsBinary => value is null;

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The entry holds bytes.</exception>
        public string Value => value ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        /// <summary>The bytes, in a copy.</summary>
        public byte[] ValueBytes => valueBytes is null ? Encoding.ASCII.GetBytes(value!) : [.. valueBytes];

        /// <summary>The form the value has on the wire.</summary>
        internal string WireValue => value ?? Convert.ToBase64String(valueBytes!);

        /// <inheritdoc />
        public override string ToString() =>
            IsBinary ? $"[Entry: key={Key}, valueBytes={valueBytes!.Length} bytes]" : $"[Entry: key={Key}, value={value}]";

        internal static bool IsBinaryKey(string key) => key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalise(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            if (!key.AsSpan().ContainsAnyExcept(KeyCharacters))
                return key;
            string lower = key.ToLowerInvariant();
            return lower.AsSpan().ContainsAnyExcept(KeyCharacters)
                ? throw new ArgumentException($"Metadata key '{key}' may only hold letters, digits, '_', '-' and '.'.", nameof(key))
                : lower;
        }
    }
}
