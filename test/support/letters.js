const { join } = require('node:path');
const { writeRoboto } = require('../../fonts/roboto');

module.exports = async () => {
	await writeRoboto(join(__dirname, '../../nodes/Terra/pictures/roboto.js'));
};
