// Names instead of numbers: the bundle is the same whatever directory it is built in.
module.exports = { optimization: { moduleIds: 'named', chunkIds: 'named' } };
